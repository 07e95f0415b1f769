// RFC 9421 by the npm package http-message-signatures: signs or verifies one message, given as JSON on standard input.
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSigner, createVerifier, httpbis } from "http-message-signatures";

const PRIVATE = Buffer.from("302e020100300506032b657004220420", "hex"); // PKCS #8 of Ed25519 (RFC 8410)
const PUBLIC = Buffer.from("302a300506032b6570032100", "hex");
const given = JSON.parse(readFileSync(0, "utf8"));
const { message, request, covers } = given;
const digest = (body) => `sha-256=:${createHash("sha256").update(body, "utf8").digest("base64")}:`;

async function sign() {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE, Buffer.from(given.key, "hex")]), format: "der", type: "pkcs8" });
  message.headers["Content-Type"] = "application/json";
  message.headers["Content-Digest"] = digest(given.body);
  const signed = await httpbis.signMessage({
    key: createSigner(key, "ed25519", given.keyid), name: "sig", fields: covers,
    params: ["created", "keyid", "alg", "nonce", "tag"],
    paramValues: { created: new Date(given.created * 1000), nonce: given.nonce, tag: "stonebridge-1" },
  }, message, request ?? undefined);
  return { headers: signed.headers };
}

async function verify() {
  const key = createPublicKey({ key: Buffer.concat([PUBLIC, Buffer.from(given.key, "hex")]), format: "der", type: "spki" });
  const named = Object.entries(message.headers).find(([name]) => name.toLowerCase() === "content-digest")?.[1] ?? "";
  if (!named.split(",").map((each) => each.trim()).includes(digest(given.body))) return { holds: false, why: "digest" };
  try {
    const holds = await httpbis.verifyMessage({
      keyLookup: async ({ keyid }) => (keyid === given.keyid ? { id: keyid, verify: createVerifier(key, "ed25519") } : null),
      all: true, requiredParams: ["created", "nonce", "tag"],
      requiredFields: covers.map((each) => each.split(";")[0]),
      notAfter: given.created + 30, maxAge: null,
    }, message, request ?? undefined);
    return { holds: holds === true };
  } catch (error) {
    return { holds: false, why: error.message };
  }
}

process.stdout.write(JSON.stringify(await (given.act === "sign" ? sign() : verify())));
