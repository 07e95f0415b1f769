"""Names of months as people say and documents print them, by calendar.

Gregorian in English, Macedonian, Serbian, Bosnian, Montenegrin, Albanian, French and Arabic;
Solar Hijri in Iranian and Afghan use; the others in common Latin spellings.
"""

from stonebridge.domain.calendars import Calendar

_GREGORIAN = """
january jan јануари јануар januar janar janvier janv يناير
february feb фебруари фебруар februar shkurt février fevrier févr فبراير شباط
march mar март mart mars مارس آذار
april apr април prill avril نيسان أبريل ابريل
may мај maj mai مايو أيار ايار
june jun јуни јун juni qershor juin يونيو حزيران
july jul јули јул juli korrik juillet يوليو تموز
august aug август avgust gusht août aout أغسطس اغسطس آب
september sep sept септември септембар septembar shtator septembre سبتمبر أيلول ايلول
october oct октомври октобар oktobar tetor octobre أكتوبر اكتوبر
november nov ноември новембар novembar nëntor nentor novembre نوفمبر
december dec декември децембар decembar dhjetor décembre decembre ديسمبر
"""

_SOLAR_HIJRI = """
farvardin hamal فروردین حمل وری
ordibehesht sawr saur اردیبهشت ثور غویی
khordad jawza jauza خرداد جوزا غبرگولی
tir saratan تیر سرطان چنگاښ
mordad asad مرداد اسد زمری
shahrivar sonbola sunbula شهریور سنبله وږی
mehr mizan مهر میزان تله
aban aqrab آبان عقرب لړم
azar qaws qaus آذر قوس لیندۍ
dey day jadi jaddi دی جدی مرغومی
bahman dalw dalwa بهمن دلو سلواغه
esfand hut hoot اسفند حوت کب
"""

_LUNAR_HIJRI = """
muharram محرم
safar صفر
rabi-al-awwal rabi1
rabi-al-thani rabi2
jumada-al-awwal jumada1
jumada-al-thani jumada2
rajab رجب
shaban sha'ban شعبان
ramadan ramazan رمضان
shawwal شوال
dhu-al-qadah zulqada
dhu-al-hijjah zulhijja
"""

_ETHIOPIAN = """
meskerem መስከረም
tikimt teqemt ጥቅምት
hidar hedar ኅዳር
tahsas tahesas ታኅሣሥ
tir ter ጥር
yekatit የካቲት
megabit መጋቢት
miyazya miazia ሚያዝያ
ginbot genbot ግንቦት
sene sane ሰኔ
hamle hamele ሐምሌ
nehase nahase ነሐሴ
pagume pagumen ጳጉሜን
"""

_BIKRAM_SAMBAT = """
baisakh वैशाख
jestha जेठ
ashadh asar असार
shrawan saun साउन
bhadra bhadau भदौ
ashwin asoj असोज
kartik कात्तिक
mangsir मंसिर
poush पुस
magh माघ
falgun फागुन
chaitra चैत
"""


def _table(text: str) -> dict[str, int]:
    return {name: number for number, line in enumerate(text.split("\n")[1:-1], start=1) for name in line.split()}


MONTH_NAMES: dict[Calendar, dict[str, int]] = {
    Calendar.GREGORIAN: _table(_GREGORIAN),
    Calendar.SOLAR_HIJRI: _table(_SOLAR_HIJRI),
    Calendar.LUNAR_HIJRI: _table(_LUNAR_HIJRI),
    Calendar.ETHIOPIAN: _table(_ETHIOPIAN),
    Calendar.BIKRAM_SAMBAT: _table(_BIKRAM_SAMBAT),
}
"""Month number by case-folded name."""
