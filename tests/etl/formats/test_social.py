"""Exports of social platforms, in their own form, and exactly what they add up to."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.errors import BadFileError, BadRowError
from tests.etl.formats.reading import read, remarks, totals
from tests.etl.formats.workbooks import packed, workbook
from unpacking.package import Room

POST, PAGE = "fct_social_post", "fct_page_daily"

INSTAGRAM = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,"
    "Post type,Data comment,Date,{views},Reach,Likes,Shares,Follows,Comments,Saves\n"
    '17900000000000001,acct-1,acme,Acme,"Two\nlines, ""quoted""",0,10/03/2026 18:00,https://i.example/p/1/,'
    'IG image,,Lifetime,"15,000","9,100",120,4,2,8,16\n'
    "17900000000000022,acct-1,acme,Acme,,31,10/13/2026 02:15,https://i.example/p/2/,IG reel,,Lifetime,"
    "800,700,12,0,0,,1\n"
)


def sums(conformed, fact):
    """The totals without those of columns that are empty."""
    found = totals(conformed, fact)
    return {name: int(value) for name, value in found.items() if value or name == "rows"}


def tallied(conformed):
    """Rows in, used and set aside of the first file: nothing gets lost between them."""
    tally = conformed.tallies[0]
    assert tally.rows_in == tally.rows_used + tally.rows_set_aside
    return tally.rows_in, tally.rows_used


@pytest.mark.parametrize("views", ["Views", "Impressions"])
def test_instagram_content_by_the_words_of_both_years(tmp_path, views):
    found = read(tmp_path, "instagram", "\ufeff" + INSTAGRAM.format(views=views))
    assert sums(found, POST) == {"rows": 2, "impressions": 15800, "reach": 9800, "engagements": 161}
    assert tallied(found) == (2, 2)


def test_instagram_content_of_another_account(tmp_path):
    with pytest.raises(BadFileError, match="expected the file of acct-2, found that of acct-1"):
        read(tmp_path, "instagram", INSTAGRAM.format(views="Views"), entity="acct-2")


def test_instagram_ids_that_a_spreadsheet_rounded(tmp_path):
    text = INSTAGRAM.format(views="Views").replace("17900000000000022", "1.79E+16")
    with pytest.raises(BadFileError, match="rounds long ids"):
        read(tmp_path, "instagram", text)


def test_instagram_split_by_day_has_no_lifetime_figures(tmp_path):
    line = "1,acct-1,a,A,t,0,10/13/2026 02:15,l,IG reel,,10/{day}/2026,1,1,1,1,1,1,1\n"
    text = INSTAGRAM.format(views="Views").split("\n")[0] + "\n" + line.format(day=13) + line.format(day=14)
    with pytest.raises(BadFileError, match="expected one row for each Post ID, found a second one for 1"):
        read(tmp_path, "instagram", text)


LINKEDIN_POSTS = [
    ["Content metrics of all posts, with a long note that LinkedIn puts above the header."],
    [
        "Post title",
        "Post link",
        "Post type",
        "Campaign name",
        "Posted by",
        "Created date",
        "Campaign start date",
        "Campaign end date",
        "Audience",
        "Impressions",
        "Views (Excluding offsite video views)",
        "Offsite Views",
        "Clicks",
        "Click through rate (CTR)",
        "Likes",
        "Comments",
        "Reposts",
        "Follows",
        "Engagement rate",
        "Content Type",
    ],
    *[
        [title, link, "Organic", "", "Ana", day, "", "", "All", shown, "", "", clicks, 0.1, likes, 1, 0, 2, 0.2, ""]
        for title, link, day, shown, clicks, likes in (
            ("A\nbreak", "https://www.linkedin.com/feed/update/urn:li:activity:7245000000000000001", "10/13/2026", 1200, 31, 20),
            ("", "https://www.linkedin.com/feed/update/urn:li:activity:7245000000000000002", "10/02/2026", 300, 4, -1),
            ("September", "https://www.linkedin.com/feed/update/urn:li:activity:7245000000000000003", "09/30/2026", 9, 9, 9),
        )
    ],
]  # fmt: skip


def test_linkedin_posts_with_a_note_above_and_reactions_taken_back(tmp_path):
    metrics = [["note"], ["Date", "Impressions (organic)", "Clicks (organic)"], ["10/01/2026", 7, 1]]
    found = read(tmp_path, "linkedin_pages", workbook(Metrics=metrics, All_posts=LINKEDIN_POSTS))
    assert sums(found, POST) == {"rows": 2, "impressions": 1500, "engagements": 31 + 20 + 1 + 4 - 1 + 1}
    assert tallied(found) == (3, 2)


def test_linkedin_followers_are_new_ones(tmp_path):
    rows = [
        ["Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers"],
        ["10/01/2026", 1, 11, 0, 12],
        ["10/02/2026", 0, 3, 0, 3],
    ]
    place = [["Location", "Total followers"], ["Berlin", 400]]
    found = read(tmp_path, "linkedin_pages", workbook(New_followers=rows, Location=place))
    assert sums(found, PAGE) == {"rows": 2, "new_followers": 15}
    assert found.tables[PAGE]["followers"].null_count == 2


YOUTUBE = {
    "Table data.csv": "Content,Video title,Video publish time,Views,Watch time (hours),Subscribers,Impressions,"
    "Impressions click-through rate (%),Likes,Comments added,Shares\n"
    "Total,,,2150,91.2041,13,30500,6.27,61,9,4\n"
    '-abcDEF_123,"Lamps, and more","Oct 2, 2026",1400,60.1,9,20000,5.5,40,5,3\n'
    'xyzDEF_1234,"A ""quote""","Oct 30, 2026",600,30.1,5,10000,6,21,4,1\n'
    'oldDEF_1234,From August,"Aug 19, 2011",150,1.0041,-1,500,7,0,0,0\n',
    "Totals.csv": "Date,Views\n2026-10-01,1000\n2026-10-02,1150\n",
    "Chart data.csv": "Date,Content,Video title,Video publish time,Views\n"
    '2026-10-01,-abcDEF_123,Lamps,"Oct 2, 2026",1000\n',
}


def test_youtube_studio_as_a_zip_whose_first_row_is_the_total(tmp_path):
    found = read(tmp_path, "youtube", packed(YOUTUBE))
    assert sums(found, POST) == {"rows": 2, "impressions": 30000, "engagements": 74}
    assert tallied(found) == (4, 2)
    held = {each.name: int(each.declared) for each in found.controls}
    assert held == {"Views": 2150, "Impressions": 30500, "Likes": 61, "Comments added": 9, "Shares": 4}
    assert found.tables[POST]["post_id"].to_pylist() == ["-abcDEF_123", "xyzDEF_1234"]


def test_youtube_studio_counts_videos_in_its_total_that_it_does_not_list(tmp_path):
    text = "".join(YOUTUBE["Table data.csv"].splitlines(keepends=True)[:-1])
    found = read(tmp_path, "youtube", text)
    assert remarks(found) == ("totals_differ",)
    assert sums(found, POST) == {"rows": 2, "impressions": 30000, "engagements": 74}


def test_youtube_studio_lists_videos_that_are_gone_without_a_day(tmp_path):
    gone = "goneEF_1234,Deleted video,,10,0.1,0,40,2,0,0,0\n"
    found = read(tmp_path, "youtube", packed({"Table data.csv": YOUTUBE["Table data.csv"] + gone}))
    assert (sums(found, POST)["rows"], tallied(found)) == (2, (5, 2))
    with pytest.raises(BadFileError):
        read(tmp_path, "youtube", YOUTUBE["Table data.csv"] + "goneEF_1234,Deleted")


def test_youtube_says_in_soft_hyphens_how_many_videos_it_shows(tmp_path):
    text = YOUTUBE["Table data.csv"] + "Die 500 besten Er\u00adgeb\u00adnis\u00adse werden angezeigt\n"
    assert tallied(read(tmp_path, "youtube", text)) == (5, 2)


def test_youtube_in_german_with_soft_hyphens_and_a_last_line(tmp_path):
    text = (
        "Video,Video\u00adtitel,Veröffent\u00adlichungs\u00adzeitpunkt des Videos,Aufrufe,Wiedergabe\u00adzeit (Stunden),"
        "Abonnenten,Impressionen,Klickrate der Impressionen (%)\n"
        "Gesamt,,,70,1949.0412,3,900,6.27\n"
        'abcDEF_1234,Lampen,"Oct 2, 2026",70,1.5,3,900,6.27\n'
        "Die 500 besten Ergebnisse werden angezeigt\n"
    )
    found = read(tmp_path, "youtube", packed({"Tabellendaten.csv": text}))
    assert sums(found, POST) == {"rows": 1, "impressions": 900}
    assert tallied(found) == (3, 1)


def test_youtube_subscribers_by_day(tmp_path):
    text = "Date,Subscribers\n2026-10-01,5\n2026-10-02,-2\n"
    found = read(tmp_path, "youtube", packed({"Totals.csv": text}))
    assert sums(found, PAGE) == {"rows": 2, "new_followers": 3}


def test_x_overview_by_day_newest_first(tmp_path):
    text = (
        "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
        "Profile visits,Create Post,Video views,Media views\n"
        '"Fri, Oct 2, 2026",1234,2,12,0,0,3,1,0,0,0,1,0,0\n"Thu, Oct 1, 2026",99,2,12,0,0,4,0,0,0,0,1,0,0\n'
    )
    found = read(tmp_path, "x", text)
    assert sums(found, PAGE) == {"rows": 2, "new_followers": 7}


ARTICLE = "https://mp.weixin.qq.com/s?__biz=MzA1&mid={0}&idx=1"


def articles(channels):
    head = "内容标题,发表时间," + ("渠道," if channels else "")
    lines = [head + "总阅读人数,总阅读次数,总分享人数,总分享次数,内容url"]
    for number, reads in ((1, (300, 200)), (2, (50, 10))):
        whole = [("全部", sum(reads))] if channels else [("", sum(reads))]
        parts = list(zip(("公众号消息", "朋友圈"), reads, strict=True)) if channels else []
        for channel, count in [*whole, *parts]:
            cells = [f"标题{number}", f"2026100{number}", *([channel] if channels else [])]
            lines.append(",".join([*cells, str(count // 2), str(count), "3", "4", ARTICLE.format(number)]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("channels", [True, False])
def test_wechat_articles_with_and_without_channels(tmp_path, channels, encoding):
    found = read(tmp_path, "wechat", articles(channels).encode(encoding))
    assert sums(found, POST) == {"rows": 2, "impressions": 560, "reach": 280, "engagements": 8}
    assert tallied(found) == ((6, 2) if channels else (2, 2))


def test_wechat_articles_of_which_a_channel_is_lost(tmp_path):
    lines = articles(channels=True).splitlines(keepends=True)
    with pytest.raises(BadFileError, match="expected the sum of the rows, 50, found 60"):
        read(tmp_path, "wechat", "".join(lines[:-1]))


def test_wechat_channels_of_an_article_without_the_article(tmp_path):
    text = "".join(line for line in articles(channels=True).splitlines(keepends=True) if "全部" not in line)
    with pytest.raises(BadFileError, match="expected a row above it that this one belongs to"):
        read(tmp_path, "wechat", text)


FOLLOWERS = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">
<style>td {color: red}</style><script>document.write("<td>9</td>")</script></head><body>
<table class="tb"><tr><td colspan="5">用户分析&nbsp;2026-10-01 至 2026-10-03</td></tr>
<tr><th rowspan="2">时间</th><th rowspan="2">新关注人数</th><th rowspan="2">取消关注人数</th>
<th rowspan="2">净增关注人数</th><th rowspan="2">累积关注人数</th></tr><tr></tr>
<tr><td>2026-10-03</td><td>12</td><td>1</td><td>11</td><td>1,021</td></tr>
<tr><td>2026-10-02<td>0<td>4<td>-4<td>1010
<tr><td>2026-10-01</td><td>3</td><td>0</td><td>3</td><td>1014</td></tr></table>
<img src="http://localhost:1/never.png"></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_wechat_followers_are_a_web_page_named_xls(tmp_path, encoding):
    found = read(tmp_path, "wechat", FOLLOWERS.encode(encoding))
    assert sums(found, PAGE) == {"rows": 3, "followers": 3045, "new_followers": 15}
    assert tallied(found) == (3, 3)


@pytest.mark.parametrize("row", ["<tr><td>2026-10-04</td><td>1.5</td><td>0</td><td>1</td><td>9</td></tr>"])
def test_a_web_page_is_read_as_strictly_as_any_file(tmp_path, row):
    with pytest.raises(BadRowError, match="expected a whole number"):
        read(tmp_path, "wechat", FOLLOWERS.replace("</table>", f"{row}</table>"))


def test_a_web_page_with_a_header_in_two_rows(tmp_path):
    page = (
        "<table><tr><th rowspan=2>时间</th><th colspan=2>关注</th></tr>"
        "<tr><th>新关注人数</th><th>累计关注人数</th></tr>"
        "<tr><td>2026-10-01</td><td>3</td><td>9</td></tr></table>"
    )
    assert sums(read(tmp_path, "wechat", page), PAGE) == {"rows": 1, "followers": 9, "new_followers": 3}


@pytest.mark.parametrize(
    "page",
    [
        "<html><table><tr><td>a</td></tr></table></html>",
        "<!DOCTYPE html><html><form>Log in <input type='password'></form></html>",
        '<html><table><tr><td>Sign in</td><td>x</td></tr><tr><td><input type="password"></td></tr></table>',
    ],
)
def test_other_web_pages_are_no_reports(tmp_path, page):
    with pytest.raises(BadFileError, match="found a web page"):
        read(tmp_path, "wechat", page)


def test_a_page_that_spans_without_end_is_refused(tmp_path):
    cell = "<td colspan=999999>时间</td>" * 100
    with pytest.raises(BadFileError, match="at most 1,000,000 cells"):
        read(tmp_path, "wechat", "<table>" + f"<tr>{cell}</tr>" * 100 + "</table>")


def test_wechat_traffic_has_three_tables_side_by_side(tmp_path):
    rows = [
        ["", "流量分析"],
        [],
        ["", "日期", "渠道", "阅读人数", "", "日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数", "",
         "传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比"],
        ["", "20261002", "全部", 90, "", "20261002", 1, 2, 3, 1, "", "全部", "20261002", "标题一", 80, "88%"],
        ["", "20261002", "朋友圈", 60, "", "20261001", 0, 0, 0, 0, "", "朋友圈", "20261002", "标题一", 60, "75%"],
        ["", "20261001", "全部", 10, "", "", "", "", "", "", "", "全部", "20260929", "标题零", 7, "8%"],
        ["", "20261001", "朋友圈", 10],
    ]  # fmt: skip
    found = read(tmp_path, "wechat_traffic", workbook(New_Sheet1=rows))
    assert sums(found, POST) == {"rows": 1, "reach": 80}
    assert tallied(found) == (4, 1)
    rows[3][11] = "其它"
    with pytest.raises(BadFileError, match="a row above it that this one belongs to"):
        read(tmp_path, "wechat_traffic", workbook(New_Sheet1=rows))


def test_wechat_channels(tmp_path):
    text = (
        "\ufeff视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量,转发聊天和朋友圈\n"
        "一,export/UzFf1,2026/10/24,4.41%,14.73秒,1200,10,20,3,4,1,2\n"
        ",export/UzFf2,2026/10/25,4.41%,14.73秒,30,0,1,0,0,0,0\n"
    )
    found = read(tmp_path, "wechat_channels", text)
    assert sums(found, POST) == {"rows": 2, "impressions": 1230, "engagements": 38}


XHS = ["笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞", "评论", "收藏", "涨粉", "分享",
       "人均观看时长", "弹幕"]  # fmt: skip


def test_xiaohongshu_notes_below_a_row_of_one_note(tmp_path):
    rows = [
        ["最多导出排序后前1000条笔记"] * 13,
        XHS,
        ["灯", "2026年10月25日14时50分00秒", "图文", 5000, 700, "6.50%", 10, 2, 30, 1, 4, "15.20秒", 0],
        ["灯", "2026年10月26日14时50分00秒", "视频", 100, 20, 0.2, 1, 0, 0, 0, 0, 12.5, 3],
        ["旧", "2026年09月26日14时50分00秒", "视频", 7, 7, 0.2, 7, 7, 7, 7, 7, 12.5, 3],
    ]
    found = read(tmp_path, "xiaohongshu", workbook(Sheet1=rows))
    assert sums(found, POST) == {"rows": 2, "impressions": 5100, "engagements": 47}
    assert tallied(found) == (3, 2)
    assert found.tables[POST]["posted_date"].to_pylist()[0] == date(2026, 10, 25)
    rows[3][1] = rows[2][1]
    with pytest.raises(BadFileError, match="a second one for 灯 2026年10月25日14时50分00秒"):
        read(tmp_path, "xiaohongshu", workbook(Sheet1=rows))


def test_xiaohongshu_paid_notes_have_their_header_in_row_3(tmp_path):
    rows = [
        ["基础信息", "", "", "笔记", "", "", "数据"],
        ["", "", "", "信息"],
        ["数据日期", "博主昵称", "链接", "笔记标题", "链接", "发布日期", "笔记ID", "曝光量", "阅读量", "阅读uv", "互动量", "点赞"],
        ["2026-10-31", "甲", "a", "灯", "b", "2026-10-03", "66f0a1b2000000001e01c2d3", 900, 300, 250, 41, 30],
        ["2026-10-31", "乙", "a", "灯", "b", "2026/10/4", "66f0a1b2000000001e01c2d4", 100, "-", "-", 1, 1],
    ]  # fmt: skip
    rows[4][5] = "2026-10-04"
    found = read(tmp_path, "xiaohongshu_pgy", workbook(Sheet1=rows))
    assert sums(found, POST) == {"rows": 2, "impressions": 1000, "reach": 250, "engagements": 42}


def test_douyin_works_without_ids_and_with_ten_thousands(tmp_path):
    text = (
        "作品名称,发布时间,体裁,审核状态,播放量,完播率,5s完播率,封面点击率,2s跳出率,平均播放时长,点赞量,分享量,评论量,"
        "收藏量,主页访问量,粉丝增量\n"
        "灯,2026-10-18 14:11:20,1min-视频,通过,1.2万,0.0875,0.63%,-,30.0426%,18秒,100,2,3,4,5,-1\n"
        "灯,2026-10-19 14:11:20,图文,通过,950,-,,-,,9.53,5,0,0,-,0,0\n"
    )
    found = read(tmp_path, "douyin", text.encode("gb18030"))
    assert sums(found, POST) == {"rows": 2, "impressions": 12950, "engagements": 114}


def test_weibo_and_bilibili(tmp_path):
    posts = "博文,发布时间,阅读数,转发,评论,赞\n早,2026-10-02 10:20,1200,1,2,3\n"
    assert sums(read(tmp_path, "weibo", posts), POST) == {"rows": 1, "impressions": 1200, "engagements": 6}
    page = "日期,阅读数,互动数,粉丝数,净增粉丝\n2026-10-02,1200,9,500,-3\n"
    assert sums(read(tmp_path, "weibo", page), PAGE) == {"rows": 1, "followers": 500, "new_followers": -3}
    videos = "稿件标题,BV号,发布时间,播放量,点赞,投币,收藏,分享,评论,弹幕,涨粉\n灯,BV1xx411c7mD,2026-10-02 10:20,80,1,2,3,4,5,6,7\n"
    assert sums(read(tmp_path, "bilibili", videos), POST) == {"rows": 1, "impressions": 80, "engagements": 15}


def test_facebook_content_of_today_with_quoted_line_breaks(tmp_path):
    text = (
        "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,Permalink,Is crosspost,"
        "Is share,Post type,Languages,Custom labels,Funded content status,Data comment,Date,Views,Reach,"
        '"Reactions, Comments and Shares",Reactions,Comments,Shares,Total clicks\n'
        '1001,acct-1,Acme,"Hello,\nworld",,0,10/13/2026 02:15,,l,0,0,Photos,,,,,Lifetime,"1,600",410,44,40,3,1,12\n'
    )
    found = read(tmp_path, "facebook_pages", text)
    assert sums(found, POST) == {"rows": 1, "impressions": 1600, "reach": 410, "engagements": 44}


def test_a_page_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("etl.reading.page_table.ROOM", Room(unpacked=1, seconds=1))
    with pytest.raises(BadFileError, match="expected a web page with a table that can be read"):
        read(tmp_path, "wechat", "<table>" + "<![" * 400_000)


def test_facebook_page_id_that_a_spreadsheet_rounded(tmp_path):
    text = (
        'Post ID,Page ID,Title,Publish time,Views,Reach,"Reactions, Comments and Shares"\n'
        "1001,6.1571E+13,Hello,10/13/2026 02:15,600,410,44\n"
    )
    with pytest.raises(BadFileError, match="'Page ID': expected an id with all its digits"):
        read(tmp_path, "facebook_pages", text, entity="61571000000001")


def test_youtube_lists_at_most_500_videos_of_its_total(tmp_path):
    text = YOUTUBE["Table data.csv"].replace("2150", "9150") + "Showing top 500 results\n"
    found = read(tmp_path, "youtube", text)
    assert remarks(found) == ("totals_differ",)
    assert sums(found, POST)["impressions"] == 30000


def test_a_web_page_that_breaks_off_is_refused(tmp_path):
    with pytest.raises(BadFileError, match="expected a page whose tables end, found one that breaks off"):
        read(tmp_path, "wechat", FOLLOWERS[: FOLLOWERS.index("<tr><td>2026-10-01")])


def test_days_of_a_list_of_all_months_are_not_told_by_the_month(tmp_path):
    head = ",".join(LINKEDIN_POSTS[1]) + "\n"
    row = "May,https://www.linkedin.com/feed/update/1,Organic,,,05/10/2026,,,All,9,,,1,,1,1,1,1,,\n"
    found = read(tmp_path, "linkedin_pages", head + row)
    assert tallied(found) == (1, 0)


TIKTOK = (
    "Video title,Video link,Post time,Video views,Likes,Comments,Shares,Add to Favorites\n"
    "New lamps,https://www.tiktok.com/@acme/video/7567452112981069079,2026/10/31 18:19:10,172353,1774,42,413,180\n"
    "Old lamps,https://www.tiktok.com/@acme/video/7567452112981069080,2026/09/30 18:01:24,704,17,0,2,0"
)
AUDIENCE = (
    "Date,New followers,Total followers,Reached audience,Engaged audience\n"
    "2026/10/30,10,{first},NAN,NAN\n2026/10/31,100,{last},75134,1801"
)


def test_tiktok_videos_are_posts_of_their_month(tmp_path):
    found = read(tmp_path, "tiktok", TIKTOK, entity="acme")
    assert sums(found, POST) == {"rows": 1, "impressions": 172353, "engagements": 2229}
    assert tallied(found) == (2, 1)


def test_tiktok_videos_of_another_account(tmp_path):
    with pytest.raises(BadFileError, match="expected the file of other, found that of acme"):
        read(tmp_path, "tiktok", TIKTOK, entity="other")


@pytest.mark.parametrize(
    ("first", "last", "followers"), [("--", "--", {}), ("900", "1000", {"followers": 1900})]
)
def test_tiktok_followers_by_day(tmp_path, first, last, followers):
    found = read(tmp_path, "tiktok", AUDIENCE.format(first=first, last=last))
    assert sums(found, PAGE) == {"rows": 2, "new_followers": 110, **followers}


def test_the_audience_of_tiktok_is_none_of_a_facebook_page(tmp_path):
    with pytest.raises(BadFileError, match=r"found "):
        read(tmp_path, "facebook_pages", AUDIENCE.format(first="900", last="1000"))
