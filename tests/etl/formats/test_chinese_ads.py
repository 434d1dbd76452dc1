"""百度推广, 360, 搜狗, 巨量引擎, 千川 and 腾讯广告: their exports of today and of ten years ago."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read, remarks, totals

AD = "fct_ad_daily"
BOM = "\ufeff"


def _sums(folder: Path, source: str, *files: str | bytes, **said: object) -> tuple[Decimal, ...]:
    """Rows, impressions, clicks, spend, conversions and value."""
    found = read(folder, source, *files, **said)
    assert all(each.rows_in == each.rows_used + each.rows_set_aside for each in found.tallies)
    assert set(found.tables[AD]["currency_code"].to_pylist()) == {"CNY"}
    sums = totals(found, AD)
    names = ("rows", "impressions", "clicks", "spend", "conversions", "conversion_value")
    return tuple(sums[name] for name in names)


def _baidu(header: str, *rows: str, time: str = "20261001-20261031", unit: str = "分日") -> str:
    above = (
        f"数据生成时间：2026-11-02 08:00:00\n数据生成条件：\n1. 时间范围：{time}\n2. 时间单位：{unit}\n"
        "3. 推广设备：移动设备，计算机\n4. 投放网络：全部\n5. 投放物料：全部\n\n"
    )
    return above + "\n".join([header, *rows, ""])


PLANS = _baidu(
    "日期,推广计划,账户,展现,点击,消费,点击率,平均点击价格,网页转化",
    '2026-10-01,品牌词,公司甲,"1,000",50,"1,120.50",5.00%,22.41,3',
    "2026-10-02,品牌词,公司甲,500,10,30.25,2.00%,3.03,-",
)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_baidus_plans(tmp_path: Path, encoding: str) -> None:
    expected = (2, 1500, 60, Decimal("1150.75"), 3, 0)
    assert _sums(tmp_path, "baidu_ads", PLANS.encode(encoding), printed_as="公司甲") == expected


def test_baidus_file_of_another_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="found that of 公司甲"):
        read(tmp_path, "baidu_ads", PLANS.encode("gb18030"), printed_as="公司乙")


def test_regions_and_hours_of_baidu_are_added_up(tmp_path: Path) -> None:
    regions = _baidu(
        "日期,账户,推广计划,省,市,展现,点击,消费,点击率,平均点击价格",
        "20261001,公司甲,品牌词,广东,深圳,10,1,1.50,10%,1.5",
        "20261001,公司甲,品牌词,广东,广州,20,2,2.50,10%,1.25",
    )
    hours = _baidu(
        "日期,小时,账户,推广计划,推广单元,创意标题,创意描述1,创意描述2,显示URL,展现,点击,消费,网页转化",
        "2026-10-01,0,公司甲,品牌词,单元一,标题,描述,,www.x.example,10,1,1.50,0",
        "2026-10-01,1,公司甲,品牌词,单元一,标题,描述,,www.x.example,20,2,2.50,1",
    )

    assert _sums(tmp_path, "baidu_ads", regions.encode("gb18030"))[:4] == (1, 30, 3, 4)
    assert _sums(tmp_path, "baidu_ads", hours.encode("gb18030"))[:4] == (1, 30, 3, 4)
    twice = regions.replace("广州", "深圳")
    with pytest.raises(BadFileError, match=r"found a second one for .*深圳"):
        read(tmp_path, "baidu_ads", twice.encode("gb18030"))


def test_baidus_keywords_with_ids(tmp_path: Path) -> None:
    report = (
        "时间,账户ID,账户,推广计划ID,推广计划,推广单元ID,推广单元,关键词ID,关键词,展现量,点击量,消费,点击率\n"
        "2026-10-01,88,公司甲,1234567890123456,品牌,2234567890123457,单元一,31,鞋,10,1,1.50,10%\n"
        "2026-10-01,88,公司甲,1234567890123456,品牌,2234567890123457,单元一,32,靴,20,2,2.50,10%\n"
    )

    assert _sums(tmp_path, "baidu_ads", report, entity="88")[:4] == (1, 30, 3, 4)
    rounded = report.replace("1234567890123456", "1.23457E+15")
    with pytest.raises(BadFileError, match="expected an id with all its digits"):
        read(tmp_path, "baidu_ads", rounded, entity="88")


def test_baidus_month_in_one_row(tmp_path: Path) -> None:
    report = _baidu("推广计划,账户,展现,点击,消费", "品牌词,公司甲,10,1,1.50", unit="汇总")
    found = read(tmp_path, "baidu_ads", report)

    assert remarks(found) == ("no_days",)
    with pytest.raises(BadFileError, match="lines above the header that say"):
        read(tmp_path, "baidu_ads", report.replace("20261031", "20261030"))


QIHOO = (
    "日期,设备类型,推广计划ID,推广计划名称,推广组ID,推广组名称,关键词ID,关键词,展现,点击,消费\n"
    "2026-10-01,PC,11,计划,21,组,31,鞋,10,1,1.50\n"
    "2026-10-01,移动,11,计划,21,组,31,鞋,20,2,2.50\n"
    "总计,,,,,,,,30,3,4.00\n"
)


def test_360(tmp_path: Path) -> None:
    assert _sums(tmp_path, "qihoo_ads", QIHOO.encode("gb18030"))[:4] == (1, 30, 3, 4)
    plans = "日期,推广账户,产品线,推广计划,展示次数,点击次数,点击率,总费用,平均每次点击费用\n2026-10-01,甲,搜索,计划,10,1,10%,1.50,1.50\n"
    assert _sums(tmp_path, "qihoo_ads", plans.encode("gb18030"))[:4] == (1, 10, 1, Decimal("1.5"))
    with pytest.raises(BadFileError, match="expected the sum of the rows, 30, found 31"):
        read(tmp_path, "qihoo_ads", QIHOO.replace(",30,3,", ",31,3,"))


SOGOU = (
    "2026-10-01至2026-10-31\n"
    "编号,日期,账户,推广计划ID,推广计划,推广组ID,推广组,关键词id,关键词,消耗,点击均价,点击数,展示数,点击率,关键词平均排名\n"
    "总计,--,--,--,--,--,--,--,--,4.00,1.33,3,30,10%,1.2\n"
    "1,2026-10-01,甲,11,计划,21,组,31,鞋,1.50,1.50,1,10,10%,1.2\n"
    "2,2026-10-01,甲,11,计划,21,组,32,靴,2.50,1.25,2,20,10%,1.2\n"
)


def test_sogou(tmp_path: Path) -> None:
    assert _sums(tmp_path, "sogou_ads", SOGOU.encode("gb18030"))[:4] == (1, 30, 3, 4)
    with pytest.raises(BadFileError, match="expected the sum of the rows, 4, found 5"):
        read(tmp_path, "sogou_ads", SOGOU.replace("--,4.00", "--,5.00"))


UNITS = (
    f"{BOM}时间-天,项目ID,项目名称,单元ID,单元名称,消耗(元),展示数,平均千次展现费用(元),点击数,点击率%,转化数\n"
    "全部,-,-,-,-,\"1,004.00\",30,133.33,3,10.00,2\n"
    "2026-10-01,7300000000000000111\t,项目甲,7300000000000000222\t,单元甲,1.50,10,150.00,1,10.00,-\n"
    "2026-10-01,7300000000000000111\t,项目甲,7300000000000000333\t,单元乙,\"1,002.50\",20,125.00,2,10.00,2\n"
)  # fmt: skip


def test_units_of_ocean_engine(tmp_path: Path) -> None:
    found = read(tmp_path, "ocean_engine", UNITS)

    assert _sums(tmp_path, "ocean_engine", UNITS) == (2, 30, 3, 1004, 2, 0)
    assert set(found.tables[AD]["campaign_id"].to_pylist()) == {"7300000000000000111"}
    bare = (
        UNITS.replace("项目ID,项目名称,", "")
        .replace("7300000000000000111\t,项目甲,", "")
        .replace("-,-,-,-", "-,-")
    )
    assert _sums(tmp_path, "ocean_engine", bare.encode("gb18030"))[3] == 1004
    with pytest.raises(BadFileError, match=r"expected one row of totals \(总计"):
        read(
            tmp_path,
            "ocean_engine",
            "\n".join(line for line in UNITS.splitlines() if "全部" not in line) + "\n",
        )


def test_ads_of_ocean_engine_are_added_up_to_units(tmp_path: Path) -> None:
    ads = UNITS.replace("单元名称,", "单元名称,广告ID,广告名称,").replace("-,-,-,-", "-,-,-,-,-,-")
    ads = (
        ads.replace("单元甲,", "单元甲,61,广告甲,")
        .replace("单元乙,", "单元甲,62,广告乙,")
        .replace("333\t", "222\t")
    )

    assert _sums(tmp_path, "ocean_engine", ads) == (1, 30, 3, 1004, 2, 0)


def test_projects_and_units_in_one_pull_would_count_twice(tmp_path: Path) -> None:
    projects = "时间-天,项目ID,项目名称,消耗,展示数,点击数,转化数\n2026-10-01,1,项目甲,4.00,30,3,2\n总计,-,-,4.00,30,3,2\n"

    with pytest.raises(BadFileError, match="which has the same amounts once more"):
        read(tmp_path, "ocean_engine", projects, UNITS)


MATERIALS = "素材ID,素材名称,素材类型,消耗,展示数,点击数,转化数\n总计,-,-,4.00,30,3,2\n71,视频甲,视频,1.50,10,1,0\n72,视频乙,视频,2.50,20,2,2\n"


def test_materials_have_no_days(tmp_path: Path) -> None:
    """The account says that such a file is of exactly the month; the card says that it has no days."""
    found = read(tmp_path, "ocean_engine", MATERIALS, whole_month=True)

    assert remarks(found) == ("no_days",)
    assert totals(found, AD)["spend"] == 4
    with pytest.raises(BadFileError, match="expected a column with days"):
        read(tmp_path, "ocean_engine", MATERIALS)


def test_ocean_engine_of_2018(tmp_path: Path) -> None:
    report = (
        "时间,广告计划id,广告计划,广告组id,广告组,展示数,点击数,点击率(%),平均点击单价(元),平均千次展现费用(元),总花费(元)\n"
        "2026-10-01,91,计划甲,81,组甲,10,1,10.00,1.50,150.00,1.50\n"
        "2026-10-01,92,计划乙,81,组甲,20,2,10.00,1.25,125.00,2.50\n"
    )
    found = read(tmp_path, "ocean_engine", report.encode("gb18030"))

    assert totals(found, AD)["spend"] == 4
    assert found.tables[AD]["campaign_name"].to_pylist() == ["组甲", "组甲"]
    assert found.tables[AD]["ad_group_id"].to_pylist() == ["91", "92"]


@pytest.mark.parametrize("name", ["时间-周", "时间-月", "时间-小时"])
def test_ocean_engine_by_week_is_refused(tmp_path: Path, name: str) -> None:
    report = f"{name},项目ID,项目名称,消耗,展示数,点击数,转化数\n2026-10-05,1,项目甲,4.00,30,3,2\n总计,-,-,4.00,30,3,2\n"

    with pytest.raises(BadFileError, match="export it by day"):
        read(tmp_path, "ocean_engine", report)


QIANCHUAN = (
    "素材ID,素材名称,素材创建时间,素材时长,消耗(元),展示次数,点击次数,点击率(%),转化数,转化成本(元),直接支付成交金额(元),播放数\n"
    '71,"视频,甲",2026-09-01 10:00:00,15,1.50,10,1,10.00,0,--,—,9\n'
    '72,"视频\n乙",2026-09-02 10:00:00,15,2.50,20,2,10.00,2,1.25,"1,020.00",18\n'
)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_qianchuan(tmp_path: Path, encoding: str) -> None:
    content = QIANCHUAN.encode(encoding)
    assert _sums(tmp_path, "qianchuan", content, whole_month=True) == (2, 30, 3, 4, 2, 1020)


TENCENT = (
    f"{BOM}日期,账户ID,广告ID,广告名称,创意ID,创意名称,花费,曝光次数,点击次数,点击率,目标转化量,目标转化成本\n"
    "2026-10-01,55,61,广告甲,71,创意甲,1.50,10,1,10.00%,0,-\n"
    "2026-10-01,55,61,广告甲,72,创意乙,2.50,20,2,10.00%,2,1.25\n"
    "总计,-,-,-,-,-,4.00,30,3,10.00%,2,2.00\n"
)


def test_tencent(tmp_path: Path) -> None:
    assert _sums(tmp_path, "tencent_ads", TENCENT, entity="55") == (1, 30, 3, 4, 2, 0)
    with pytest.raises(BadFileError, match="expected the file of 56, found that of 55"):
        read(tmp_path, "tencent_ads", TENCENT, entity="56")
