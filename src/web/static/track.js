// The page on which a family sees where its case stands follows what happens while it is seen. Without this, a link on it does.
const shown = () => document.querySelector('[data-track]');
const news = document.querySelector('[data-track-new]');
let source;

// The part that may change is fetched as a page of its own would be, and put in its place. The keyboard stays where it was.
const renew = async () => {
  const response = await fetch(location.pathname, { credentials: 'same-origin' });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[data-track]');
  if (!response.ok || !fresh) { location.reload(); return; }
  const old = shown();
  const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
  // Said again only where it is another text than before.
  news.textContent = '';
  setTimeout(() => { news.textContent = news.dataset.trackNew; }, 100);
};

const listen = () => {
  if (document.hidden) { source?.close(); source = undefined; return; }
  if (source || !shown()) return;
  source = new EventSource(shown().dataset.track);
  source.addEventListener('version', (event) => {
    if (shown().dataset.version !== event.data) renew();
  });
  source.addEventListener('over', () => { source.close(); location.reload(); });
};
document.addEventListener('visibilitychange', listen);
listen();
