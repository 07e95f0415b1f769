"""Bars of the table and of the slices, where matplotlib is installed."""

from pathlib import Path
from typing import Any


def draw(result: dict[str, Any], folder: Path) -> None:
    """Write ``engines.png`` and ``slices.png``."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = result["engines"]
    measures = ("recall@1", "recall@10", "tpir@fpir1%", "tpir@fpir10%")
    figure, axes = pyplot.subplots(1, len(measures), figsize=(13, 0.5 * len(rows) + 1.6), sharey=True)
    for axis, measure in zip(axes, measures, strict=True):
        values = [row[measure] for row in rows]
        bars = axis.barh([row["engine"] for row in rows], values, color=_colours(rows))
        axis.bar_label(bars, fmt="%.3f", padding=2, fontsize=8)
        axis.set_xlim(0, 1.15)
        axis.set_title(measure, fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].invert_yaxis()  # for all, which share it
    figure.suptitle(f"{result['people']:,} invented persons, {rows[0]['queries']:,} queries", fontsize=11)
    figure.tight_layout()
    figure.savefig(folder / "engines.png", dpi=110)
    parts = rows[0]["slices"]
    names = sorted(parts, key=lambda name: parts[name]["tpir@fpir1%"])
    figure, axis = pyplot.subplots(figsize=(8, 0.26 * len(names) + 1.2))
    axis.barh(names, [parts[name]["recall@10"] for name in names], color="#c9d6e6", label="recall@10")
    axis.barh(names, [parts[name]["tpir@fpir1%"] for name in names], color="#1d4f91", label="tpir@fpir1%", height=0.45)
    axis.set_xlim(0, 1)
    axis.tick_params(labelsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "slices.png", dpi=110)


def _colours(rows: list[dict[str, Any]]) -> list[str]:
    return ["#1d4f91" if "stonebridge" in row["engine"] else "#a8a8a8" for row in rows]
