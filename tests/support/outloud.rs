//! The checker of PDFs that others wrote (outloud, from PyPI).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where it lies.
pub fn packages() -> PathBuf {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("setup/pdf-test/packages");
    assert!(
        packages.join("complete").exists(),
        "the checker of PDFs is not there: run setup/pdf-test.sh (make test does)"
    );
    packages
}

/// outloud finds nothing in any of them: no fault, no warning, no remark. Its rule on the order of painting is left out: it takes
/// the words of a paragraph for one and those of a link within for another that follows, so that a link in the middle is out of
/// order. What a screen reader reads, word for word, is looked at elsewhere. The report is written into `folder`.
pub fn passes(folder: &Path, files: &[PathBuf]) {
    let report = folder.join("report.json");
    let said = Command::new("python3")
        .env("PYTHONPATH", packages())
        .args(["-c", "from outloud.cli import main; main()", "--quiet", "--skip", "ORD-001", "--json"])
        .arg(&report)
        .args(files)
        .output()
        .unwrap();
    let report =
        std::fs::read_to_string(&report).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&said.stderr)));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let results = report["results"].as_array().unwrap();
    assert_eq!(results.len(), files.len());
    for result in results {
        assert_eq!((&result["verdict"], &result["error"]), (&"pass".into(), &serde_json::Value::Null), "{result}");
        assert_eq!(result["findings"].as_array().map(Vec::len), Some(0), "{} {}", result["path"], result["findings"]);
        assert_eq!(result["stats"]["tagged"], true, "{}", result["path"]);
    }
}
