"""What a first load brings: the bench adds these up and compares them with the bar of 60 kB compressed."""

STYLES = ("wellkept/css/tokens.css", "wellkept/css/components.css", "wellkept/css/shell.css")
FIRST = ("wellkept/js/transitions.js",)  # read before anything is drawn; the rest is deferred
SCRIPTS = (
    "wellkept/vendor/htmx-4.0.1.min.js",
    "wellkept/js/shell.js",
    "wellkept/js/clocks.js",
    "wellkept/js/live.js",
    "wellkept/js/keys.js",
    "wellkept/js/palette.js",
    "wellkept/js/toasts.js",
    "wellkept/js/fields.js",
    "wellkept/js/cards.js",
)
