//! The officers' pages: the list of addresses, and what every answer goes through.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::Html,
    routing::get,
};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

pub mod access;
mod account;
pub mod account_views;
mod answer;
mod assets;
pub mod brand;
mod bundle;
pub mod bundle_views;
mod case;
mod checks;
pub mod checks_views;
mod contribution;
pub mod desk;
mod documents;
mod errors;
pub mod families;
pub mod figures;
mod filed;
mod files;
mod first_bytes;
mod given;
mod health;
mod joint;
pub mod joint_views;
mod letter;
pub mod live;
mod own_data;
mod paper;
pub mod paper_views;
pub mod passwords;
pub mod people;
mod post;
mod post_views;
mod queue;
pub mod render;
mod retention;
pub mod rights_views;
pub mod safeguarding;
pub mod session;
mod settings;
pub mod settings_views;
mod sign_in;
pub mod single_sign_on;
mod steps;
mod survey_figures;
mod thanks;
pub mod thanks_views;
mod tracker;
mod users;
pub mod views;
mod who;
pub mod words;

pub use self::{brand::CouncilBrand, desk::Desk, render::Pages};
use self::{
    checks_views::Checks,
    passwords::PasswordError,
    render::{Frame, PagesError},
    settings_views::Settings,
    sign_in::SignInGuard,
    single_sign_on::Directory,
    views::Officer,
};
use crate::clock::Clock;

/// Nothing but our own styles, scripts and pictures; no inline ones; not in anybody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Officers' forms are short.
const BODY_BYTES: usize = 256 * 1024;
/// No page may take longer.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// No file on its way here may, and no bundle in the making.
const UPLOAD_LIMIT: Duration = Duration::from_secs(300);

/// All that the pages need.
#[derive(Clone)]
pub struct WebState {
    /// Cases, accounts, health.
    pub desk: Arc<dyn Desk>,
    /// The templates.
    pub pages: Arc<Pages>,
    /// Whose pages these are.
    pub council: Arc<CouncilBrand>,
    /// Checks of what was left alone in managers' mailboxes; None where there are no mailboxes to look into.
    pub checks: Option<Arc<dyn Checks>>,
    /// Passes a thank-you on; None where nobody does.
    pub thanks: Option<Arc<dyn thanks_views::Thanks>>,
    /// What the pages about settings show; None where there are none.
    pub settings: Option<Arc<dyn Settings>>,
    /// The time.
    pub clock: Clock,
    /// Cookies only over HTTPS. Off only on a loopback address without TLS.
    pub secure_cookies: bool,
    /// A proxy in front overwrites `X-Forwarded-For`, so its last entry is the caller's address.
    pub trust_forwarded: bool,
    /// The program ends: so does whatever would go on telling.
    pub stop: CancellationToken,
    /// So often a page that is open is told of its lists.
    pub live_every: Duration,
    /// Nobody signs in with a password alone.
    pub second_factor_required: bool,
    /// The council's own directory, if people sign in with it.
    pub directory: Option<Arc<Directory>>,
    /// What families' pages need; None where there are none.
    pub families: Option<Arc<families::Families>>,
    sign_in: Arc<SignInGuard>,
}

/// Why the pages cannot be served at all.
#[derive(Debug, thiserror::Error)]
pub enum WebStartError {
    /// A template is not valid.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// Passwords cannot be hashed here.
    #[error(transparent)]
    Passwords(#[from] PasswordError),
}

impl WebState {
    /// The pages over `desk`. Cookies are for HTTPS only and no proxy is trusted until the caller says otherwise.
    ///
    /// # Errors
    ///
    /// [`WebStartError`].
    pub fn new(desk: Arc<dyn Desk>, council: CouncilBrand, clock: Clock) -> Result<Self, WebStartError> {
        Ok(Self {
            desk,
            pages: Arc::new(Pages::new()?),
            council: Arc::new(council),
            checks: None,
            thanks: None,
            settings: None,
            clock,
            secure_cookies: true,
            trust_forwarded: false,
            stop: CancellationToken::new(),
            live_every: live::EVERY,
            second_factor_required: false,
            directory: None,
            families: None,
            sign_in: Arc::new(SignInGuard::new()?),
        })
    }

    /// A page for somebody who is signed in, with what waits for them in the navigation.
    async fn page_for(
        &self,
        template: &str,
        signed: &session::Signed,
        section: &str,
        values: impl Serialize,
    ) -> Result<Html<String>, PagesError> {
        // A page is worth showing without the counts.
        let waiting = self.desk.waiting(&signed.0).await.ok();
        let frame = Frame { waiting, ..Frame::new(&self.council, Some(&signed.0), section, self.clock.now()) };
        self.pages.render(template, &frame, values).map(Html)
    }

    fn page(
        &self,
        template: &str,
        officer: Option<&Officer>,
        section: &str,
        values: impl Serialize,
    ) -> Result<Html<String>, PagesError> {
        let frame = Frame::new(&self.council, officer, section, self.clock.now());
        self.pages.render(template, &frame, values).map(Html)
    }
}

/// `routes` as addresses that take files: `most` bytes in all, and longer for them to come.
fn taking_files(routes: Router<WebState>, most: usize) -> Router<WebState> {
    routes
        .layer(from_fn(first_bytes::wait))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(most))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, UPLOAD_LIMIT))
}

/// Every address of the officers' pages. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that
/// sign-ins can be limited by address.
pub fn router(state: WebState) -> Router {
    // A file has more bytes than a form, and takes longer to come.
    let uploads = Router::new()
        .route("/cases/{reference}/documents", get(documents::back).post(documents::add))
        .route("/given/{reference}/hand-in", get(given::back).post(given::hand_in));
    let uploads = taking_files(uploads, documents::FORM_BYTES);
    // Typesetting and copying the file of a case takes longer than a page.
    let bundles = Router::new()
        .route("/cases/{reference}/bundle", get(bundle::show).post(bundle::make))
        .route("/own-data", get(own_data::show).post(own_data::make))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, UPLOAD_LIMIT));
    let pages = Router::new()
        .route("/", get(queue::show).post(queue::act))
        .route("/views", get(queue::back_to_queue).post(queue::save_view))
        .route("/views/{id}/{action}", get(queue::back_to_queue).post(queue::act_on_view))
        .route("/cases/{reference}", get(case::show))
        .route("/cases/{reference}/complainant", get(people::show).post(people::save))
        .route("/cases/{reference}/answer", get(answer::show).post(answer::save))
        .route("/cases/{reference}/people", get(who::show).post(who::save))
        .route("/cases/{reference}/tracker", get(tracker::show).post(tracker::save))
        .route("/cases/{reference}/retention", get(retention::show).post(retention::save))
        .route("/cases/{reference}/thanks", get(thanks::show).post(thanks::pass_on))
        .route("/cases/{reference}/steps", get(steps::list))
        .route("/cases/{reference}/steps/{kind}", get(steps::show).post(steps::take))
        .route("/cases/{reference}/{action}", get(case::back).post(case::act))
        .route("/letters", get(post::letters))
        .route("/letters/{id}/{action}", get(post::back_to_letters).post(post::mend_letter))
        .route("/joint", get(joint::show).post(joint::tie))
        .route("/joint/{id}/{action}", get(joint::back).post(joint::act))
        .route("/filed", get(filed::show))
        .route("/filed/{id}/{action}", get(filed::back).post(filed::act))
        .route("/quarantine", get(post::quarantine))
        .route("/quarantine/{id}", get(post::quarantined))
        .route("/quarantine/{id}/{action}", get(post::back_to_message).post(post::mend_mail))
        .route("/checks", get(checks::list).post(checks::ask))
        .route("/checks/{id}", get(checks::show))
        .route("/checks/{id}/{action}", get(checks::back).post(checks::act))
        .route("/health", get(health::show))
        .route("/figures", get(figures::show))
        .route("/figures/survey", get(survey_figures::show))
        .route("/given", get(given::list))
        .route("/given/{reference}", get(given::show))
        .route("/retention", get(retention::list))
        .route("/settings", get(settings::hub))
        .route("/settings/thresholds", get(settings::thresholds))
        .route("/settings/directory", get(settings::directory))
        .route("/settings/holidays", get(settings::holidays::show).post(settings::holidays::change))
        .route("/settings/what-we-changed", get(settings::changed::show).post(settings::changed::change))
        .route("/settings/letters", get(settings::letters::list))
        .route("/settings/letters/{name}", get(settings::letters::show))
        .route("/settings/audit", get(settings::audit::show))
        .route("/accessibility", get(health::accessibility))
        .route("/keys", get(health::keys))
        .layer(CompressionLayer::new())
        // Not compressed: files mostly are, and a browser shows how much is still to come.
        .route("/cases/{reference}/files/{id}", get(files::open))
        .route("/cases/{reference}/documents/{id}", get(documents::open))
        .route("/cases/{reference}/letters/{file}", get(paper::letter))
        .route("/cases/{reference}/answer.pdf", get(paper::answer))
        .route("/settings/letters/{name}/{file}", get(settings::letters::print))
        .route("/settings/audit.csv", get(settings::audit::table))
        // Not compressed: the answer repeats what was typed (BREACH).
        // Not compressed: each line goes out at once.
        .route("/live", get(live::watch))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-in/code", get(sign_in::code::show).post(sign_in::code::submit))
        .route("/sign-in/council", get(single_sign_on::begin))
        .route("/sign-in/council/back", get(single_sign_on::end))
        .route("/sign-out", axum::routing::post(sign_in::sign_out))
        .route("/account", get(account::show))
        .route("/account/second-factor", get(account::set_up).post(account::switch_on))
        .route("/account/sign-out-everywhere", get(account::back).post(account::sign_out_everywhere))
        .route("/users", get(users::list).post(users::add))
        .route("/users/{id}", get(users::show))
        .route("/users/{id}/{action}", get(users::back).post(users::change))
        // For whoever has the link: no account, and nothing of the case but what was asked.
        .route("/contribution/{token}", get(contribution::show).post(contribution::give))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
        .merge(uploads)
        .merge(bundles)
        .merge(families::router())
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.clone(), errors::as_page))
        .layer(from_fn_with_state(state.clone(), session::recognise));
    let files = Router::new()
        .route("/assets/council.css", get(assets::council_style))
        .route("/assets/{*path}", get(assets::file))
        .layer(CompressionLayer::new());
    let supervisors = Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready));
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    pages
        .merge(files)
        .merge(supervisors)
        .layer(always(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .layer(from_fn(log_request))
        .with_state(state)
}

/// Method, path's first part, status and time: no reference, search or name.
async fn log_request(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let method = request.method().clone();
    let part = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    let start = std::time::Instant::now();
    let response = next.run(request).await;
    let millis = start.elapsed().as_millis();
    tracing::debug!(%method, part, status = response.status().as_u16(), millis, "page");
    response
}
