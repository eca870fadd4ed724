// The pages work without this. With it, GOV.UK's and the Ministry of Justice's components start.
document.body.classList.add('js-enabled');
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported');
const [govuk, moj] = await Promise.all([import('/assets/govuk-frontend.min.js'), import('/assets/moj-frontend.min.js')]);
govuk.initAll();
moj.initAll();
