/* Names and keyboard stops that the theme leaves out. Nothing here changes what a page shows. */
(function () {
  "use strict"

  function improve() {
    // A table too wide for the column scrolls in a wrapper of Material's; without a mouse, only if it takes focus.
    document.querySelectorAll(".md-typeset__scrollwrap").forEach(function (box) {
      new ResizeObserver(function () {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
        else box.removeAttribute("tabindex")
      }).observe(box)
    })
    document.querySelectorAll(".task-list-control > input").forEach(function (box) {
      box.setAttribute("aria-label", box.checked ? "끝난 일" : "할 일")
    })
    document.querySelectorAll("nav.md-tags").forEach(function (list) {
      list.setAttribute("aria-label", "태그")
    })
  }

  // Material announces a finished page here, after it has wrapped the tables.
  if (window.document$) window.document$.subscribe(improve)
})()
