/* Stand in for the mermaid library until a page really has a diagram, then load it from our own site.
 *
 * Material asks a CDN for mermaid unless `window.mermaid` exists. This is that object: it keeps the
 * settings Material hands over and fetches mermaid.min.js (beside this file, put there by
 * hooks/mermaid_library.py) at the first diagram. A classic script, not a module: it also works from file://.
 */
(function () {
  "use strict"

  var source = new URL("mermaid.min.js", document.currentScript.src)
  // Below this part of its natural size, a diagram's 16 px text is no longer read but guessed: scroll instead.
  var SMALLEST_SCALE = 0.75
  var settings = {}
  var loading

  function library() {
    loading = loading || new Promise(function (resolve, reject) {
      var stub = window.mermaid
      var script = document.createElement("script")
      script.src = source.href
      script.onload = function () {
        var real = window.mermaid
        // The library takes the stub's name; give it back, so that every diagram comes through here.
        window.mermaid = stub
        if (!real || real === stub) return reject(new Error(source.pathname + " defines no mermaid"))
        real.initialize(settings)
        resolve(real)
      }
      script.onerror = function () { reject(new Error(source.pathname + " could not be loaded")) }
      document.head.appendChild(script)
    })
    return loading
  }

  /* Wrap the drawing so that it shrinks with the column, but never until it is illegible. */
  function frame(svg) {
    var size = /\bviewBox="[-\d.]+ [-\d.]+ ([\d.]+) /i.exec(svg)
    var least = size ? Math.floor(size[1] * SMALLEST_SCALE) : 0
    return "<style>" +
      ".frame{overflow-x:auto}.frame:focus-visible{outline:.1rem solid var(--md-accent-fg-color)}" +
      ".frame>svg{display:block;margin:0 auto;height:auto;min-width:" + least + "px}" +
      // Material names these by ids that mermaid 11.16 no longer gives them: dark arrows on a dark page.
      "marker:is([id$=arrowhead],[id$=filled-head],[id$=crosshead]) path{" +
      "fill:var(--md-mermaid-sequence-message-line-color)!important;" +
      "stroke:var(--md-mermaid-sequence-message-line-color)!important}" +
      ".actor-line{stroke:var(--md-mermaid-sequence-actor-line-color)!important}" +
      "@media print{.frame{overflow:visible}.frame>svg{min-width:0}}" +
      "</style><div class=\"frame\" role=\"group\" aria-label=\"다이어그램\">" + svg + "</div>"
  }

  /* What only the finished drawing in its place allows. */
  function finish(root) {
    var box = root.querySelector(".frame")
    // In the middle, where mermaid puts them, the titles of groups are crossed by the arrows into the group.
    root.querySelectorAll(".cluster").forEach(function (group) {
      var edge = group.querySelector("rect")
      var title = group.querySelector(".cluster-label")
      var place = title && /translate\([-\d.]+,\s*([-\d.]+)\)/.exec(title.getAttribute("transform"))
      if (edge && place) title.setAttribute("transform", "translate(" + (edge.x.baseVal.value + 8) + "," + place[1] + ")")
    })
    // A scrolling box must be reachable by keyboard; one that does not scroll must not be a stop on the way.
    new ResizeObserver(function () {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
      else box.removeAttribute("tabindex")
    }).observe(box)
  }

  window.mermaid = {
    initialize: function (config) {
      // On a syntax error the diagram's source stays on the page; mermaid's own drawing of a bomb helps nobody.
      settings = Object.assign({}, config, { suppressErrorRendering: true })
    },
    render: function (id, text) {
      return library()
        .then(function (mermaid) { return mermaid.render(id, text) })
        // `fn` is what Material calls with the shadow root, once the drawing is in it.
        .then(function (drawing) { return { svg: frame(drawing.svg), fn: finish } })
        .catch(function (error) {
          console.error("mermaid: " + id + " was not drawn: " + (error && error.message || error))
          throw error
        })
    }
  }
})()
