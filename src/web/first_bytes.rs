//! A form with files is read from its first bytes on, and not before they are there.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use futures::{StreamExt, stream};
use tokio_util::bytes::BytesMut;

/// More than any mark between two fields is long (RFC 2046, section 5.1.1: 70 characters).
const ENOUGH: usize = 1_024;

/// Waits for the start of a form's body before the form is read.
///
/// The reader (multer 3.1) asks the body twice for its first bytes. If they are missing at the first asking and all of the body is
/// there at the second, it takes the end of the body for a form that broke off. A short form on a slow line can meet that.
pub(super) async fn wait(request: Request, next: Next) -> Response {
    if !is_form_with_files(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut rest = body.into_data_stream();
    let (mut first, mut fault) = (BytesMut::new(), None);
    while first.len() < ENOUGH {
        match rest.next().await {
            Some(Ok(piece)) => first.extend_from_slice(&piece),
            Some(Err(broken)) => {
                fault = Some(Err(broken));
                break;
            }
            None => break,
        }
    }
    let body = stream::iter([Ok(first.freeze())].into_iter().chain(fault)).chain(rest);
    next.run(Request::from_parts(parts, Body::from_stream(body))).await
}

fn is_form_with_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::to_bytes, extract::Multipart, middleware::from_fn, routing::post};
    use std::task::Poll;
    use tower::ServiceExt;

    /// The fields of a form whose body comes in pieces of `size` bytes, each asked for twice.
    async fn fields(size: usize) -> String {
        async fn names(mut form: Multipart) -> String {
            let mut names = String::new();
            while let Ok(Some(field)) = form.next_field().await {
                names += field.name().unwrap_or_default();
                names += &field.text().await.unwrap_or_else(|fault| fault.to_string());
            }
            names
        }
        let part = |name: &str| format!("--m\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{name}\r\n");
        let whole = format!("{}{}--m--\r\n", part("a"), part("b"));
        let mut pieces = whole.as_bytes().chunks(size).map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter();
        let mut asked = false;
        let body = stream::poll_fn(move |context| {
            asked = !asked;
            if asked {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(pieces.next().map(Ok::<_, std::io::Error>))
        });
        let request = Request::post("/").header(header::CONTENT_TYPE, "Multipart/form-data; boundary=m");
        let pages = Router::new().route("/", post(names)).layer(from_fn(wait));
        let answer = pages.oneshot(request.body(Body::from_stream(body)).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), 1_000).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_form_is_read_whole_however_it_comes() {
        for size in [1, 2, 7, 30, 64, 4_096] {
            assert_eq!(fields(size).await, "aabb", "pieces of {size}");
        }
    }
}
