/* A worker in front of Material's search worker: takes apart what a Korean reader types.
 *
 * lunr, underneath, finds words by their beginning and knows no Korean: 쿼럼이란, 로드밸런서, kubelet로그
 * find nothing, and --sort-by is an error. So each query is rewritten into plain words that are in the
 * index. hooks/korean_search.py names this file as the worker, with Material's own as its query string,
 * and puts synonyms, whole flags and whole paths into the index (see hooks/kubenotes/search.py).
 */
(function () {
  "use strict"

  // Material's message types.
  var QUERY = 2
  var RESULT = 3

  // Particles and verb endings that stick to a noun; the longest that fits is taken off.
  var ENDINGS = (
    "은 는 이 가 을 를 에 의 로 와 과 도 만 나 란 들 할 한 된 될 " +
    "으로 에서 에게 부터 까지 처럼 보다 마다 라도 이나 이란 이라 이며 이면 이고 이다 에는 에도 에만 로는 로도 " +
    "와의 과의 에의 로의 들이 들은 들을 들의 하고 하는 하기 하면 하다 한다 하라 하지 하여 해야 해서 되는 되기 되면 된다 " +
    "되지 되어 돼야 인가 인지 인데 이랑 하나 " +
    "으로는 으로도 으로의 에서는 에서도 에서의 이라는 이라면 이란게 하려면 하려고 하는데 할때 할까 될때 되려면 하기가 하는지 되는지 됐을때 " +
    "에서부터 하는법 하는방법"
  ).split(" ").sort(function (a, b) { return b.length - a.length })
  var SEPARATORS = /[\s\u200b,;!?=()[\]{}<>"'`|·…“”‘’]+/u
  var HANGUL_OR_OTHER = /[가-힣]+|[^가-힣]+/g

  // Before words that were put together: kubectl must not find all of §kubectldrain, §kubectlget …
  var MARK = "§"

  // Every word of the index, sorted.
  var words = []
  // The terms of the last query → what the reader typed for it; null for those only we thought of.
  var typed = new Map()

  /* Where `word` is or would be among the index's words. */
  function position(word) {
    var low = 0
    var high = words.length
    while (low < high) {
      var middle = (low + high) >> 1
      if (words[middle] < word) low = middle + 1
      else high = middle
    }
    return low
  }

  function isWord(word) { return words[position(word)] === word }
  function isBeginning(word) { return (words[position(word)] || "").startsWith(word) }
  function compact(word) { return word.replace(/[^\p{L}\p{N}]+/gu, "") }

  /* The noun in 쿼럼이란: what is left, by the longest ending, that `accept` knows. */
  function noun(word, accept) {
    for (var ending of ENDINGS) {
      var stem = word.slice(0, -ending.length)
      if (stem.length > 1 && word.endsWith(ending) && accept(stem)) return stem
    }
  }

  /* 로드밸런서 → 로드 밸런서, where both are words of this site. */
  function compound(word, accept) {
    for (var cut = word.length - 2; cut > 1; cut--) {
      var head = word.slice(0, cut)
      var tail = word.slice(cut)
      tail = accept(tail) ? tail : noun(tail, accept)
      if (tail && accept(head)) return [head, tail]
    }
  }

  function hangul(word) {
    var stem = noun(word, isWord)
    if (stem) return [stem]
    if (isBeginning(word)) return [word]
    stem = noun(word, isBeginning)
    if (stem) return [stem]
    return compound(word, isWord) || compound(word, isBeginning) || [word]
  }

  /* A flag, a path, an API group is one word of the field `k`, if the site has it; else its parts. */
  function latin(word) {
    var parts = word.split(/[^\p{L}\p{N}.]+|\.(?!\d)/u).filter(Boolean)
    var whole = MARK + compact(word)
    if (!parts.length || (parts.length === 1 && isBeginning(parts[0])) || !isBeginning(whole)) {
      return parts.map(function (part) { return [part, part] })
    }
    // Typed in full, a flag or a path must be there, and its parts only say how much a section is about it.
    if (isWord(whole) && /^-|\//.test(word)) {
      return [["+" + whole, word]].concat(parts.map(function (part) { return [part, null] }))
    }
    return [[whole, word]]
  }

  function rewrite(query) {
    var terms = []
    var pairs = []
    var previous = ""
    query.normalize("NFC").toLowerCase().split(SEPARATORS).forEach(function (chunk) {
      (chunk.match(HANGUL_OR_OTHER) || []).forEach(function (piece, index) {
        var korean = /[가-힣]/.test(piece)
        // etcd의: after a Latin word, an ending stands alone.
        if (korean && index > 0 && ENDINGS.includes(piece)) return
        var found = korean
          ? hangul(piece).map(function (word) { return [word, word] })
          : latin(piece)
        found.forEach(function (term) {
          // `kubectl drain`, 로드 밸런서: as one word, it says that they stand together.
          var pair = compact(previous + term[0])
          if (previous) [pair, MARK + pair].filter(isWord).forEach(function (word) { pairs.push([word, null]) })
          terms.push(term)
          previous = term[0]
        })
      })
    })
    // 안, 왜, 그: alone, a syllable is the beginning of half the words there are.
    var telling = terms.filter(function (term) { return !/^[가-힣]$/.test(term[0]) })
    if (telling.length) terms = telling
    // Of two flags, either will do.
    var must = terms.filter(function (term) { return term[0].startsWith("+") })
    if (must.length > 1) {
      terms = terms.map(function (term) { return [term[0].replace("+", ""), term[1]] })
        .filter(function (term) { return term[1] !== null })
    }
    typed = new Map()
    terms.concat(pairs).forEach(function (term) {
      var word = term[0].replace("+", "")
      if (!typed.has(word)) typed.set(word, term[1])
    })
    return terms.concat(pairs).map(function (term) { return term[0] }).join(" ")
  }

  /* In a result, the reader's own words, found or missing, instead of ours. */
  function restore(item) {
    var terms = {}
    Object.keys(item.terms).forEach(function (term) {
      var word = typed.has(term) ? typed.get(term) : term
      if (word !== null) terms[word] = terms[word] || item.terms[term]
    })
    item.terms = terms
  }

  // Registered before Material's own listener, and so the first to see each message.
  self.addEventListener("message", function (event) {
    if (event.data.type === QUERY) event.data.data = rewrite(event.data.data)
  })

  var post = self.postMessage.bind(self)
  self.postMessage = function (message) {
    if (message.type === RESULT) message.data.items.flat().forEach(restore)
    post(message)
  }

  var worker = /^\?(search\.[\w.]+\.js)$/.exec(self.location.search)
  importScripts("workers/" + worker[1])

  // Material makes lunr global; the finished index tells us the words.
  var build = self.lunr.Builder.prototype.build
  self.lunr.Builder.prototype.build = function () {
    var index = build.call(this)
    words = Object.keys(index.invertedIndex).sort()
    return index
  }
})()
