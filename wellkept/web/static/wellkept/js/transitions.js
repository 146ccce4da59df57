// Turning from page to page is drawn as one movement. The page says that it can (`@view-transition`) only here, where the
// listeners stand too: a page turned faster than its transition, or turned away before this file came, is then no error.
// Not deferred: a page may be revealed before deferred scripts run.
for (const name of ["pagereveal", "pageswap"])
  addEventListener(name, ({ viewTransition: t }) => { for (const part of [t?.ready, t?.finished, t?.updateCallbackDone]) part?.catch(() => {}); });
{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto } }");
  document.adoptedStyleSheets.push(sheet);
}
