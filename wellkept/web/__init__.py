"""The web door: pages for staff, made of Django templates, htmx 4 and small vanilla scripts.

Always true: a page loads through a `queries.for_staff`, calls at most one action and translates; every page works by
plain reload; every fragment that can change has a stable id and an address of its own.

How to write a page
  `pages/<page>.py` holds the views and a list `urlpatterns`; add its name to `PAGES` in `urls.py`. Views are closed by
  default: `shell.middleware` sends strangers to sign-in and sets `request.staff`; `@open_to_all` opens one. Type the
  request as `StaffRequest` (`shell.reading`). Read the
  clock once per request: `reader(request).now` (`shell.reading`); it also knows the person's zone and language.
  To act: `return answer(request, actions.keep, promise=promise, by=request.staff, at=now(), said=_("Kept."))`
  (`shell.answers`): a `Refusal` lands beside the form (`[data-refusal]`, see parts/refusal.html) or, without scripts,
  on the page given as `refused=`; `undo=` is an address that takes it back (POST); `refresh=` names fragments to re-read.
Templates
  extend "base.html": blocks `title`, `page` (whole main) or `content` (inside the centred .page). Signed out: "signed_out.html".
  `{% load shell %}`: `{% icon "mail" %}` `{% mark "risk" %}` `{% avatar person %}` `{% promise_row row %}` `{% promise_chip row %}`
  `{{ at|when }}` `{{ at|full }}` `{{ at|clock }}` `{{ date|day }}` `{{ seconds|duration }}` `{{ money|money }}` `{{ n|number }}`.
  Includes in parts/: field, refusal, empty, note, skeleton, tabs, seg, sort, pager, figure, gauge, dialog (each says how).
Scripts (static/wellkept/js, first lines say the attributes)
  `data-row` rows for j/k/x (`data-open` is the link Enter opens) · `data-key="e"` the key that presses it · `data-back` Esc ·
  `id` + `data-src` (+ `data-on="other-id promise-*"`, `data-rows` on lists) a live fragment · `data-due`… clocks · `data-why` the due card ·
  `data-dialog="#id"` (+ `data-dialog-src`) · `data-when` time in words · `data-sets` chips · `data-draft` · `data-shows` ·
  `data-missing="#id"` on aria-disabled buttons · `data-send` what Ctrl-Enter presses. htmx: 4xx/5xx but 422 are never swapped.
  No inline script, no `hx-on`, no `js:` values; inline `style` only for positions (`--left`, `--at`, `--h`).
"""
