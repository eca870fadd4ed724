// Families' pages work without this. With it, the components start: "Exit this page" also answers the Shift key, pressed three times.
document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported');
const govuk = await import('/assets/govuk-frontend.min.js');
govuk.initAll();
