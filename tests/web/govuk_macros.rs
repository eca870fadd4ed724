//! The fetched macros render every official sample of the GOV.UK Design System as its authors say they must. What differs
//! at the next release shows here first.

use std::path::Path;

use heard::web::Pages;
use serde::Deserialize;

#[derive(Deserialize)]
struct Samples {
    fixtures: Vec<Sample>,
}

/// The options are kept as the template engine's own value: the order of attributes matters.
#[derive(Deserialize)]
struct Sample {
    name: String,
    options: minijinja::Value,
    html: String,
}

/// White space between tags means nothing, and two ways of writing one character are one.
fn plain(html: &str) -> String {
    let words = html.split_whitespace().collect::<Vec<_>>().join(" ");
    let tight = words.replace("> ", ">").replace(" <", "<").replace(" >", ">");
    ["&#x2f;", "&#x27;", "&#39;", "&quot;", "&#34;"]
        .into_iter()
        .zip(["/", "'", "'", "\"", "\""])
        .fold(tight, |text, (entity, character)| text.replace(entity, character))
}

/// `error-summary` → `govukErrorSummary`.
fn macro_name(component: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    format!("govuk{}", component.split('-').map(capital).collect::<String>())
}

#[test]
fn every_official_sample_renders_as_it_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/assets/tests/fixtures");
    let pages = Pages::new().unwrap();
    let (mut samples, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(folder).expect("run setup/assets.sh") {
        let path = file.unwrap().path();
        let component = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let name = macro_name(&component);
        let source = format!(
            "{{% from 'govuk_frontend_jinja/components/{component}/macro.html' import {name} %}}{{{{ {name}(params) }}}}"
        );
        let all: Samples = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for sample in all.fixtures {
            samples += 1;
            let rendered = pages.render_sample(&source, &sample.options);
            let wanted = plain(&sample.html);
            if !rendered.as_ref().is_ok_and(|html| plain(html) == wanted) {
                wrong.push(format!("{component}, {}: {rendered:?}, wanted {wanted}", sample.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {samples} samples differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(samples, 657, "govuk-frontend 6.3.0 has 657 samples");
}
