// The search page. Plain JavaScript, no library; every text is put into the page as text.
// The index lies in search/: scripts that hand over one value each, loaded when they are needed, so
// that a folder on a disk can be searched like a site. docs/search.md says what the files hold.
(function () {
  "use strict";

  const form = document.getElementById("search");
  if (!form) return;
  const box = document.getElementById("found");
  const status = document.getElementById("status");
  const notices = document.getElementById("notices");
  const list = document.getElementById("results");
  const more = document.getElementById("more");
  const filters = document.getElementById("filters");
  const says = box.dataset; // the words of this page, from its template
  const STEP = 10; // results shown at a time
  const CONTEXT = 160; // characters around what was found
  const MANY_FILES = 40; // files of words that one beginning of a word may need
  const FACETS = ["story", "tag", "source", "publisher"];

  // ---- Files of the index ----

  const waiting = new Map();
  const loaded = new Map();

  window.archiveSearch = (name, value) => {
    const done = waiting.get(name);
    waiting.delete(name);
    if (done) done(value);
  };

  function load(name) {
    if (loaded.has(name)) return loaded.get(name);
    const promise = new Promise((done, fail) => {
      waiting.set(name, done);
      const script = document.createElement("script");
      // A script that came and handed nothing over is not the one that was asked for.
      script.onload = script.onerror = () => {
        script.remove();
        if (!waiting.delete(name)) return;
        loaded.delete(name);
        fail(new Error(name));
      };
      script.src = `search/${name}.js`;
      document.head.append(script);
    });
    loaded.set(name, promise);
    return promise;
  }

  // ---- Numbers, as search/lists.rs writes them ----

  function reader(text) {
    let at = 0;
    const sign = () => {
      const code = text.charCodeAt(at++) - 32;
      return code > 60 ? code - 2 : code > 2 ? code - 1 : code;
    };
    const signs = (sum, count) => {
      for (; count > 0; count--) sum = sum * 93 + sign();
      return sum;
    };
    const number = () => {
      const first = sign();
      if (first < 56) return first;
      if (first < 83) return 56 + signs(first - 56, 1);
      if (first < 90) return 2567 + signs(first - 83, 2);
      if (first === 90) return 63110 + signs(0, 3);
      if (first === 91) return 867467 + signs(0, 4);
      return signs(0, 6);
    };
    return { sign, number, more: () => at < text.length };
  }

  // ---- Words, as search/words.rs cuts them ----

  let index = null;
  let shards = [];
  let patterns = null;

  async function open() {
    if (index) return;
    index = await load("index");
    shards = index.shards.split(" ");
    patterns = {
      run: new RegExp(index.run, "gu"),
      piece: new RegExp(index.piece, "gu"),
      unspaced: new RegExp(`^${index.piece.split("|")[0]}$`, "u"),
      unit: new RegExp(index.unit, "gu"),
      marks: new RegExp(index.marks, "gu"),
    };
  }

  function fold(word) {
    const bare = word.normalize("NFKD").toLowerCase().replace(patterns.marks, "");
    const plain = Array.from(bare, (letter) => index.alike[letter] || letter).join("");
    return Array.from(plain.normalize("NFC")).slice(0, index.longest).join("");
  }

  // Words with their places in the text (from, to) and among the words.
  function tokens(text) {
    const found = [];
    let place = 0;
    let end = 0;
    for (const run of text.matchAll(patterns.run)) {
      if (end > 0 && text.slice(end, run.index).includes("\n")) place += 1;
      end = run.index + run[0].length;
      for (const piece of run[0].matchAll(patterns.piece)) {
        const start = run.index + piece.index;
        const add = (from, to, pair) => {
          const word = fold(text.slice(from, to));
          if (word) found.push({ word, place, from, to, pair });
          place += 1;
        };
        if (!patterns.unspaced.test(piece[0])) {
          add(start, start + piece[0].length, 0);
          continue;
        }
        const units = Array.from(piece[0].matchAll(patterns.unit));
        units.forEach((unit, at) => {
          const last = units[at + 1] || unit;
          add(start + unit.index, start + last.index + last[0].length, last === unit ? 1 : 2);
        });
      }
    }
    return found;
  }

  // A query is words, "phrases" and beginnings*; each word that is several to the index is a phrase.
  function parse(query) {
    const wanted = [];
    for (const piece of query.matchAll(/["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u201e\u00ab\u00bb]?|[^\s"\u201c\u201d\u201e\u00ab\u00bb]+/gu)) {
      const quoted = piece[1] !== undefined;
      const text = quoted ? piece[1] : piece[0];
      let row = tokens(text);
      // The last letter of a row of pairs is in the pair before it.
      row = row.filter((token, at) => token.pair !== 1 || at === 0 || row[at - 1].pair !== 2);
      if (row.length === 0) continue;
      const starred = !quoted && /\*$/u.test(text);
      if (row.length > 1 || (quoted && row[0].pair !== 1)) wanted.push({ kind: "phrase", row, text });
      else if (starred || row[0].pair === 1) wanted.push({ kind: "beginning", word: row[0].word, text });
      else wanted.push({ kind: "word", word: row[0].word, text });
    }
    return wanted;
  }

  // ---- Words of the index ----

  const fileName = (from) => Array.from({ length: from.length }, (_, at) => from[at])
    .map((unit) => (/[a-z0-9]/.test(unit) ? unit : `_${unit.charCodeAt(0).toString(16).padStart(4, "0")}`))
    .join("") + "-";

  function shardOf(word) {
    let low = 0;
    let high = shards.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (shards[middle] <= word) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async function shard(at) {
    if (shards.length === 0 || index.count === 0) return { groups: [], see: {} };
    const name = fileName(shards[at]);
    const [rows, see] = await load(`words/${name}`);
    const groups = rows.map(([stem, ...forms], group) => ({
      stem,
      forms: forms.map(([word, publisher, curator], form) => ({
        word: word[0] === "+" && stem[0] !== "@" ? stem + word.slice(1) : word,
        lists: [publisher, curator || ""].map((list, voice) => ({ list, voice, name, group, form })),
      })),
    }));
    return { groups, see };
  }

  // The group that a spelling belongs to; none where no entry has it.
  async function groupOf(word) {
    const { groups, see } = await shard(shardOf(word));
    const own = groups.find((group) => group.forms.some((form) => form.word === word));
    if (own || !Object.prototype.hasOwnProperty.call(see, word)) return own;
    const other = await shard(shardOf(see[word]));
    return other.groups.find((group) => group.stem === see[word]);
  }

  // Other forms of a word that no entry has: its stem is what is left without an ending that words of
  // this archive have lost; the longest that is a stem of the archive.
  async function related(word) {
    const stems = ["", ...index.endings].filter((ending) => word.endsWith(ending))
      .map((ending) => word.slice(0, word.length - ending.length)).filter((stem) => stem.length > 2);
    const places = Array.from(new Set(stems.map(shardOf)));
    const groups = (await Promise.all(places.map(shard))).map((one) => one.groups).flat();
    return groups.filter(({ stem }) => stems.includes(stem)).sort((a, b) => b.stem.length - a.stem.length)[0];
  }

  async function beginning(word) {
    const first = shardOf(word);
    let last = first;
    while (last + 1 < shards.length && shards[last + 1].startsWith(word)) last += 1;
    if (last - first >= MANY_FILES) return null;
    const all = [];
    for (let at = first; at <= last; at++) all.push(shard(at));
    const forms = new Map();
    const others = [];
    const take = ({ groups }) => groups.filter(({ stem }) => stem[0] !== "@").forEach((group) => group.forms
      .filter((form) => form.word.startsWith(word)).forEach((form) => forms.set(form.word, form)));
    for (const { groups, see } of await Promise.all(all)) {
      take({ groups });
      for (const form of Object.keys(see)) if (form.startsWith(word)) others.push(shard(shardOf(see[form])));
    }
    (await Promise.all(others)).forEach(take);
    return Array.from(forms.values());
  }

  // ---- Lists ----

  // The parts of a list that can hold the wanted entries; the list itself where it has no parts.
  function parts(list, wanted) {
    if (typeof list === "string") return null;
    const [name, , ...starts] = list;
    const needed = starts.map((from, at) => ({ file: name + from.toString(16), from, to: starts[at + 1] || Infinity }));
    if (!wanted) return needed;
    const sorted = Array.from(wanted).sort((a, b) => a - b);
    return needed.filter(({ from, to }) => {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < from) low = middle + 1;
        else high = middle;
      }
      return low < sorted.length && sorted[low] < to;
    });
  }

  const countOf = ({ list }) => (typeof list === "string" ? list.length / 2 : list[1]);

  // Entries of a list with what the word weighs in each.
  async function entries({ list }, wanted) {
    const found = new Map();
    const split = parts(list, wanted);
    const texts = split ? await Promise.all(split.map(({ file }) => load(`words/${file}`))) : [list];
    for (const text of texts) {
      const read = reader(text);
      let number = 0;
      while (read.more()) {
        const value = read.number();
        number += Math.floor(value / 4);
        found.set(number, value % 4);
      }
    }
    return found;
  }

  // Places of a word in the wanted entries: { place, before, behind }, the last two signs of common words.
  async function places({ list, voice, name, group, form }, wanted) {
    const found = new Map();
    const split = parts(list, wanted);
    let pairs;
    if (split) {
      pairs = await Promise.all(split.map(({ file }) => Promise.all([load(`words/${file}`), load(`places/${file}`)])));
    } else {
      const own = (await load(`places/${name}`))[group][form];
      pairs = [[list, typeof own === "string" ? (voice === 0 ? own : "") : own[voice]]];
    }
    for (const [text, where] of pairs) {
      const read = reader(text);
      const place = reader(where);
      let number = 0;
      while (read.more()) {
        number += Math.floor(read.number() / 4);
        const row = [];
        let at = 0;
        for (let last = false; !last;) {
          const value = place.number();
          at += Math.floor(value / 8);
          row.push({ place: at, before: value & 2 ? place.sign() : 0, behind: value & 1 ? place.sign() : 0 });
          last = (value & 4) !== 0;
        }
        if (wanted.has(number)) found.set(number, row);
      }
    }
    return found;
  }

  // ---- Looking ----

  const rarity = (count) => Math.log(1 + index.count / (1 + count));
  const WEIGHTS = [1, 1.4, 1.7, 2.2]; // once, twice, more often, in the title

  // Entries that hold any of some spellings, each with its score.
  async function anyOf(forms, voices, exact) {
    const scores = new Map();
    const all = [];
    for (const form of forms) for (const voice of voices) all.push({ form, list: form.lists[voice] });
    const maps = await Promise.all(all.map(({ list }) => entries(list)));
    const total = maps.reduce((sum, map) => sum + map.size, 0);
    maps.forEach((map, at) => {
      const worth = rarity(total) * (exact && all[at].form.word !== exact ? 0.8 : 1);
      for (const [number, weight] of map) {
        scores.set(number, Math.max(scores.get(number) || 0, worth * WEIGHTS[weight]));
      }
    });
    return scores;
  }

  // Entries in which words stand in a row, in one voice.
  async function row(words, voices) {
    const scores = new Map();
    const first = words[0].place;
    const forms = await Promise.all(words.map(async ({ word, place }) => {
      const group = await groupOf(word);
      const form = group && group.forms.find((other) => other.word === word);
      return { form, offset: place - first, sign: index.common[word] || 0 };
    }));
    if (forms.some(({ form }) => !form)) return scores;
    // A common word is told by the word beside it; what is told by none has to be looked for itself.
    const beside = (at, step) => {
      const other = forms[at + step];
      return other && other.sign === 0 && other.offset === forms[at].offset + step ? other : null;
    };
    const needed = forms.filter(({ sign }, at) => sign === 0 || !(beside(at, -1) || beside(at, 1)));
    for (const voice of voices) {
      const sorted = needed.slice().sort((a, b) => countOf(a.form.lists[voice]) - countOf(b.form.lists[voice]));
      let common = null;
      for (const { form } of sorted) {
        const map = await entries(form.lists[voice], common);
        const kept = common ? Array.from(common).filter((number) => map.has(number)) : Array.from(map.keys());
        common = new Set(kept);
        if (common.size === 0) break;
      }
      if (!common || common.size === 0) continue;
      const where = new Map();
      for (const item of sorted) {
        where.set(item, await places(item.form.lists[voice], common));
      }
      const anchor = sorted[0];
      for (const number of common) {
        const at = new Map();
        for (const item of sorted) at.set(item, new Map((where.get(item).get(number) || []).map((hit) => [hit.place, hit])));
        const stands = (start) => forms.every((item, ix) => {
          const own = at.get(item);
          if (own) return own.has(start + item.offset);
          const left = beside(ix, -1);
          const hit = at.get(left || beside(ix, 1)).get(start + item.offset + (left ? -1 : 1));
          return hit && (left ? hit.behind : hit.before) === item.sign;
        });
        let count = 0;
        for (const place of at.get(anchor).keys()) if (stands(place - anchor.offset)) count += 1;
        if (count > 0) scores.set(number, Math.max(scores.get(number) || 0, WEIGHTS[Math.min(count, 3) - 1]));
      }
    }
    for (const [number, weight] of scores) scores.set(number, weight * rarity(scores.size) * 1.5);
    return scores;
  }

  const day = (year, month, date) => {
    const time = new Date(0);
    time.setUTCFullYear(year, month, date);
    return Math.round(time.getTime() / 86400000);
  };

  // The first or the last day of 1969, 1969-07 or 1969-07-20, counted from 1970; null for anything else.
  function dayOf(text, last) {
    const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text.trim());
    if (!parts) return null;
    const [year, month, date] = [Number(parts[1]), Number(parts[2] || 0), Number(parts[3] || 0)];
    if (month > 12 || date > 31) return null;
    if (!month) return last ? day(year + 1, 0, 0) : day(year, 0, 1);
    if (!date) return last ? day(year, month, 0) : day(year, month - 1, 1);
    return day(year, month - 1, date);
  }

  // What uncertain dates can mean: first and last day by number.
  async function spans() {
    const found = new Map();
    if (!index.spans) return found;
    const read = reader(await load("spans"));
    let number = 0;
    while (read.more()) {
      number += read.number();
      const [first, last] = [read.number(), read.number()];
      found.set(number, [first ? first - 1 + index.firstDay : -Infinity, last ? last - 1 + index.firstDay : Infinity]);
    }
    return found;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  async function look(asked) {
    const told = [];
    const voices = asked.notes ? [1] : [0, 1];
    let wanted = parse(asked.q);
    const marks = { words: new Set(), rows: [] };
    // Words that stand in most entries tell none apart, unless they are all there is.
    const common = wanted.filter(({ kind, word }) => kind === "word" && index.common[word]);
    if (common.length > 0 && (common.length < wanted.length)) {
      wanted = wanted.filter((item) => !common.includes(item));
      told.push(fill(says.common, { words: common.map(({ text }) => `\u201c${text}\u201d`).join(", ") }));
    }
    const facets = FACETS.filter((name) => asked[name]);
    if (wanted.length === 0 && facets.length === 0) {
      return { told: [says.nothing], hits: null };
    }
    const all = await Promise.all(wanted.map(async ({ kind, word, row: words, text }) => {
      if (kind === "phrase") {
        marks.rows.push(words);
        return row(words, voices);
      }
      if (kind === "beginning") {
        const forms = await beginning(word);
        if (!forms) {
          told.push(fill(says.short, { word: text }));
          return new Map();
        }
        forms.forEach((form) => marks.words.add(form.word));
        return anyOf(forms, voices, word);
      }
      let group = await groupOf(word);
      if (!group) {
        group = await related(word);
        if (group) told.push(fill(says.related, { word: text, words: group.forms.map((form) => `\u201c${form.word}\u201d`).join(", ") }));
      }
      if (!group) return new Map();
      group.forms.forEach((form) => marks.words.add(form.word));
      return anyOf(group.forms, voices, word);
    }));
    for (const name of facets) {
      const key = `@${name}/${asked[name]}`;
      const { groups } = await shard(shardOf(key));
      const group = groups.find((other) => other.stem === key);
      const found = group ? await entries(group.forms[0].lists[0]) : new Map();
      if (group) showChoice(name, asked[name], group.forms[0].word);
      else told.push(fill(says.unknown, { name: asked[name] }));
      all.push(new Map(Array.from(found.keys(), (number) => [number, 0])));
    }
    all.sort((a, b) => a.size - b.size);
    let hits = [];
    for (const [number, score] of all[0]) {
      let sum = score;
      if (all.every((map) => map === all[0] || (map.has(number) && ((sum += map.get(number)), true)))) hits.push({ number, sum });
    }
    if (asked.from || asked.to) hits = await inTime(hits, asked, told);
    const byDate = (a, b) => a.number - b.number;
    if (asked.sort === "oldest") hits.sort(byDate);
    else if (asked.sort === "newest") {
      // Entries without a date come last either way.
      hits.sort((a, b) => (a.number >= index.undated) - (b.number >= index.undated) || byDate(b, a));
    } else hits.sort((a, b) => b.sum - a.sum || byDate(a, b));
    return { told, hits, marks };
  }

  async function inTime(hits, asked, told) {
    const bound = (text, last, none) => {
      if (!text) return none;
      const found = dayOf(text, last);
      if (found === null) told.push(fill(says.date, { date: text }));
      return found === null ? none : found;
    };
    const from = bound(asked.from, false, -Infinity);
    const to = bound(asked.to, true, Infinity);
    if (from === -Infinity && to === Infinity) return hits;
    const uncertain = await spans();
    let without = 0;
    let perhaps = 0;
    const kept = hits.filter(({ number }) => {
      if (number >= index.undated) {
        without += 1;
        return false;
      }
      const own = Math.floor(number / index.aDay) + index.firstDay;
      const [first, last] = uncertain.get(number) || [own, own];
      const inside = first <= to && last >= from;
      if (inside && (first < from || last > to)) perhaps += 1;
      return inside;
    });
    if (perhaps > 0) told.push(fill(says.perhaps, { number: perhaps }));
    if (without > 0) told.push(fill(says.undated, { number: without }));
    return kept;
  }

  // ---- Showing ----

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  const opened = new Map();

  async function entry(number) {
    const hash = Math.imul(number % 4294967296, 0x9e3779b1) >>> 0;
    const file = index.bits === 0 ? 0 : hash >>> (32 - index.bits);
    if (!opened.has(file)) opened.set(file, load(`entries/${file.toString(16)}`).then(unpack));
    return (await opened.get(file)).find((other) => other[0] === number);
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // Stretches of a text that were looked for: [from, to].
  function stretches(text, { words, rows }) {
    const all = tokens(text);
    const found = all.filter(({ word }) => words.has(word)).map(({ from, to }) => [from, to]);
    all.forEach((token, at) => {
      for (const wanted of rows) {
        const own = all.slice(at, at + wanted.length);
        const same = own.length === wanted.length && wanted.every(({ word, place }, ix) =>
          own[ix].word === word && own[ix].place - token.place === place - wanted[0].place);
        if (same) found.push([token.from, own[own.length - 1].to]);
      }
    });
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const joined = [];
    for (const [from, to] of found) {
      const last = joined[joined.length - 1];
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else joined.push([from, to]);
    }
    return joined;
  }

  // Puts a piece of a text into an element, with what was looked for marked.
  function marked(into, text, found, from, to) {
    let at = from;
    for (const [first, last] of found) {
      if (first < at || last > to) continue;
      into.append(text.slice(at, first), element("mark", "", text.slice(first, last)));
      at = last;
    }
    into.append(text.slice(at, to));
  }

  // The words around the first place of a text that was found; its beginning where none was.
  function context(into, text, marks) {
    const found = stretches(text, marks);
    const flat = text.replace(/\n/g, " ");
    const blank = (at, step) => {
      let end = at;
      while (end > 0 && end < flat.length && flat[end] !== " " && Math.abs(end - at) < 20) end += step;
      return end;
    };
    const first = found.length > 0 ? found[0][0] : 0;
    const from = first < CONTEXT / 2 ? 0 : blank(first - CONTEXT / 2, 1);
    const to = from + 2 * CONTEXT >= flat.length ? flat.length : blank(from + 2 * CONTEXT, -1);
    if (from > 0) into.append("\u2026 ");
    marked(into, flat, found, from, to);
    if (to < flat.length) into.append(" \u2026");
    return found.length > 0;
  }

  function result(found, marks) {
    const [, url, title, made, words, time, zone, story, storyUrl, warning, text, notes, lang] = found;
    const item = element("li");
    const head = element("p", made ? "title made" : "title");
    const link = element("a");
    link.href = url;
    link.dir = "auto";
    link.lang = lang;
    marked(link, title, made ? [] : stretches(title, marks), 0, title.length);
    head.append(link);
    const facts = element("p", "facts");
    facts.append(words);
    if (time) facts.append(`, ${time}`);
    if (zone && time) facts.append(` ${zone}`);
    facts.append(" \u00b7 ");
    const to = element("a", "", story);
    to.href = storyUrl;
    to.dir = "auto";
    facts.append(to);
    item.append(head, facts);
    if (warning) {
      const cover = element("p", "warning", fill(says.warning, { warning }));
      cover.dataset.voice = "curator";
      cover.dir = "auto";
      item.append(cover);
      return item;
    }
    const excerpt = element("p", "excerpt");
    excerpt.dir = "auto";
    excerpt.lang = lang;
    const inWords = context(excerpt, text, marks);
    const note = element("p", "excerpt curator");
    note.dataset.voice = "curator";
    note.dir = "auto";
    note.append(element("b", "", says.note), " ");
    const inNotes = notes && context(note, notes, marks);
    if (text && (inWords || !inNotes)) item.append(excerpt);
    if (inNotes) item.append(note);
    return item;
  }

  let shown = { hits: [], marks: null, count: 0 };

  async function showMore(turn) {
    const next = shown.hits.slice(shown.count, shown.count + STEP);
    const found = await Promise.all(next.map(({ number }) => entry(number)));
    if (turn !== turns) return null;
    const items = found.filter(Boolean).map((one) => result(one, shown.marks));
    shown.count += next.length;
    list.append(...items);
    more.hidden = shown.count >= shown.hits.length;
    return items[0];
  }

  // ---- The form and the address ----

  const FIELDS = ["q", "from", "to", ...FACETS, "sort"];
  let turns = 0;

  function asked() {
    const query = new URLSearchParams(location.search);
    const values = { notes: query.get("notes") === "1" };
    for (const name of FIELDS) values[name] = query.get(name) || "";
    return values;
  }

  function showChoice(name, value, words) {
    const select = form.elements[name];
    if (!select || !value) return;
    let option = Array.from(select.options).find((other) => other.value === value);
    if (!option) {
      option = element("option", "", words || value);
      option.value = value;
      select.append(option);
    } else if (words) option.textContent = words;
    select.value = value;
  }

  function fillForm(values) {
    for (const name of FIELDS) {
      if (FACETS.includes(name)) {
        form.elements[name].value = "";
        showChoice(name, values[name]);
      } else if (form.elements[name]) form.elements[name].value = values[name];
    }
    if (form.elements.notes) form.elements.notes.checked = values.notes;
    if (values.from || values.to || values.notes || values.sort || FACETS.some((name) => values[name])) filters.open = true;
  }

  // The names that a search can be narrowed to, when they are first asked for.
  async function names() {
    const all = await load("names");
    for (const name of FACETS) {
      const select = form.elements[name];
      if (select.dataset.full) continue;
      const kept = select.value;
      while (select.options.length > 1) select.remove(1);
      for (const [value, words] of all[name]) {
        const option = element("option", "", words);
        option.value = value;
        select.append(option);
      }
      select.dataset.full = "1";
      if (kept) showChoice(name, kept);
    }
  }

  async function run() {
    const turn = ++turns;
    const values = asked();
    fillForm(values);
    if (!location.search) return;
    list.replaceChildren();
    notices.replaceChildren();
    more.hidden = true;
    try {
      await open();
      const { told, hits, marks } = await look(values);
      if (turn !== turns) return;
      shown = { hits: hits || [], marks, count: 0 };
      status.textContent = hits ? fill(says.found, { number: hits.length }) : "";
      if (hits && hits.length === 0) told.push(says.none);
      notices.append(...told.map((text) => element("p", "", text)));
      await showMore(turn);
    } catch (error) {
      if (turn === turns) status.textContent = fill(says.failed, { file: error.message });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    for (const name of FIELDS) {
      const value = form.elements[name] ? form.elements[name].value.trim() : "";
      if (value) query.set(name, value);
    }
    if (form.elements.notes && form.elements.notes.checked) query.set("notes", "1");
    const address = `?${query}`;
    try {
      history.pushState(null, "", address);
    } catch {
      location.search = address; // a browser that allows no other address for a file
      return;
    }
    run();
  });

  more.addEventListener("click", async () => {
    const first = await showMore(turns);
    status.textContent = fill(says.shown, { number: shown.count, all: shown.hits.length });
    if (first) first.querySelector("a").focus();
  });

  filters.addEventListener("toggle", () => {
    if (filters.open) names().catch(() => {});
  });

  window.addEventListener("popstate", run);
  if (typeof DecompressionStream === "undefined") {
    form.hidden = true;
    status.textContent = says.old;
  } else {
    run();
  }
})();
