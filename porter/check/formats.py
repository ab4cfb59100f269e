"""What `porter check` found, as JSON, as GitHub annotations and as JUnit XML."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from porter.check import Report
from porter.core.finding import Finding


def as_json(report: Report) -> str:
    """One document: steps by endpoint, proofs, findings."""
    endpoints: dict[str, dict[str, str]] = {}
    for one in report.checked:
        endpoints.setdefault(one.endpoint.id, {})[one.step] = str(one)
    proofs = [
        {
            "name": one.name,
            "command": one.command,
            "ok": one.verdict.ok,
            "summary": one.verdict.summary,
        }
        for one in report.proven
    ]
    document = {
        "endpoints": endpoints,
        "proofs": proofs,
        "findings": [finding_json(finding) for finding in report.findings],
        "notes": list(report.notes),
        "exit": int(report.exit),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "text": finding.text,
        "file": finding.file,
        "line": finding.line,
        "step": finding.step,
        "endpoint": finding.endpoint,
        "next": finding.next,
        "evidence": [
            {"file": place.file, "line": place.line, "text": place.text}
            for place in finding.evidence
        ],
    }


def as_github(report: Report) -> str:
    """Workflow commands, one a finding, so that GitHub shows them at their lines."""
    lines = []
    for finding in report.findings:
        place = [f"file={_property(finding.file)}"] if finding.file else []
        if finding.file and finding.line:
            place.append(f"line={finding.line}")
        place.append(f"title={_property(f'porter {finding.code}')}")
        text = finding.text + (f" (next: {finding.next})" if finding.next else "")
        lines.append(f"::{finding.severity} {','.join(place)}::{_data(text)}")
    lines += [
        f"::error title={_property(f'porter {one.name}')}::{_data(one.verdict.summary)}"
        for one in report.proven
        if not one.verdict.ok and not one.verdict.findings
    ]
    return "\n".join(lines)


def as_junit(report: Report) -> str:
    """One test case a step and a proof; a warning does not fail its case."""
    suite = ElementTree.Element("testsuite", name="porter check")
    for one in report.checked:
        case = ElementTree.SubElement(suite, "testcase", classname=one.endpoint.id, name=one.step)
        errors = [f for f in one.findings if f.severity == "error"]
        if errors:
            message = errors[0].text
            failure = ElementTree.SubElement(case, "failure", message=message)
            failure.text = "\n".join(f"{f.code} {f.place} {f.text}" for f in errors)
        elif one.state == "n/a":
            ElementTree.SubElement(case, "skipped")
    for proof in report.proven:
        case = ElementTree.SubElement(suite, "testcase", classname="proofs", name=proof.name)
        if not proof.verdict.ok:
            ElementTree.SubElement(case, "failure", message=proof.verdict.summary)
    for finding in report.others:
        case = ElementTree.SubElement(suite, "testcase", classname="tree", name=finding.place)
        if finding.severity == "error":
            ElementTree.SubElement(case, "failure", message=finding.text)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, "unicode")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
