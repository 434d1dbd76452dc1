"""One refusal of a file is told once, of however many months its list was landed."""

from scoring.evidence import Certificate, CertificateStatus, Finding

REASON = "l.csv: expected text of which the encoding is known"


def told(*findings):
    return Certificate(CertificateStatus.HELD, findings).told


def refused(days=(), kpis=("leads",), code="refused_file", reason=REASON, **more):
    return Finding(code, "leads_sheet", "m", days, kpis, reason=reason, **more)


def test_a_list_that_was_refused_for_several_months_is_one_finding_of_all_their_days_and_lines():
    september, october = ("2026-09-30",), ("2026-10-01", "2026-10-02")
    found = told(
        refused(october),
        refused(september, ("wins", "leads"), key_results=("q4/x",)),
        refused((), (), key_results=("q4/x", "q4/y")),
    )
    assert found == (refused((*september, *october), ("leads", "wins"), key_results=("q4/x", "q4/y")),)


def test_other_files_and_other_findings_stay_as_they_are_and_where_they_are():
    lost = Finding("missing_days", "leads_sheet", "m", ("2026-10-03",), ("leads",))
    findings = (
        refused(("2026-10-01",)),
        lost,
        refused(("2026-10-02",), reason="m.csv: expected a table"),
        refused(("2026-10-02",), code="refused_newer_file"),
        Finding("missing_days", "leads_sheet", "m", ("2026-10-04",), ("leads",)),
        Finding("quarantined_rows", "leads_sheet", "m", (), ("leads",)),
        Finding("quarantined_rows", "leads_sheet", "m", (), ("wins",)),
    )
    assert told(*findings) == findings
    assert told(lost, lost) == (lost,)
    assert told() == ()
