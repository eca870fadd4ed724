// The pages work without this. With it, GOV.UK's and the Ministry of Justice's components start.
document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported');
const [govuk, moj] = await Promise.all([import('/assets/govuk-frontend.min.js'), import('/assets/moj-frontend.min.js')]);
govuk.initAll();
moj.initAll();

// Answers with a key of their own: [data-key]. They can be turned off for this browser (WCAG 2.1.4), and never act on
// what is typed into a field.
const off = () => localStorage.getItem('heard-keys') === 'off';
const pressed = (event) => {
  if (off() || event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const key = event.key.toLowerCase();
  if (walk(key)) { event.preventDefault(); return; }
  const button = [...document.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key);
  if (!button) return;
  event.preventDefault();
  // From what a key opened, Tab goes on into it.
  button.focus();
  if (!button.matches('input[type=text], input:not([type])')) button.click();
};

// J and K go down and up a list, from link to link; Enter opens, as it does with every link.
const walk = (key) => {
  const step = { j: 1, k: -1 }[key];
  const links = [...document.querySelectorAll('[data-walk] a')];
  // X marks the case at which the keyboard is.
  const row = key === 'x' && document.activeElement.closest('[data-walk] tr');
  if (row) { row.querySelector('input[type=checkbox]')?.click(); return true; }
  if (!step || !links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: 'nearest' });
  return true;
};
document.addEventListener('keydown', pressed);
for (const button of document.querySelectorAll('[data-keys-switch]')) {
  const show = () => { button.textContent = off() ? 'Turn the keys on' : 'Turn the keys off'; };
  button.addEventListener('click', () => { localStorage.setItem('heard-keys', off() ? 'on' : 'off'); show(); });
  show();
}

// The counts beside the lists follow what happens while the page is seen. The list itself stays as it is, and where it is, until
// it is asked for.
const list = document.querySelector('[data-live]');
let live;
const listen = () => {
  if (document.hidden) { live?.close(); live = undefined; return; }
  if (live) return;
  live = new EventSource('/live');
  live.addEventListener('counts', (event) => {
    const counts = JSON.parse(event.data);
    const table = document.querySelector('[data-walk]');
    const before = table?.getBoundingClientRect().top;
    for (const one of document.querySelectorAll('[data-count]')) one.textContent = `(${counts[one.dataset.count]})`;
    list.querySelector('a').hidden = counts[list.dataset.live] === Number(list.dataset.was);
    if (table) window.scrollBy(0, table.getBoundingClientRect().top - before);
  });
  live.addEventListener('over', () => {
    live.close();
    list.querySelector('a').textContent = 'You are signed out. Sign in again';
    list.querySelector('a').hidden = false;
  });
};
if (list) {
  document.addEventListener('visibilitychange', listen);
  listen();
}
