// Exercises in the page: under each task an editor, the course's own check, and the diagnosis.
//
//   <backprop-task name="FUNCTION" chapter="NN-name">   property `value`: the code; method `check()`: resolves to the text shown
//   <backprop-tasks chapter="NN-name">                  the chapter's list: what is done, the notebook to download or to open
//
// What a reader writes stays in this browser (localStorage). Python starts on the first press of Check, in a worker. Without this
// script, and from file://, a page shows the stubs and where to download the notebook.

const LIMIT = 10; // seconds that a check may take
const here = new URL(".", import.meta.url);
const runtime = new URL("python/", here);
const root = new URL("../", here);
const list = () => document.querySelector("backprop-tasks");
const current = (path) => new URL(`${path}?v=${list().getAttribute("version")}`, here).href; // of this edition, not an older one that is cached

// What was written, by chapter and task.

const kept = {
  key: (chapter, name) => `backprop/${chapter}/${name}`,
  read(chapter, name) {
    try {
      return JSON.parse(localStorage.getItem(this.key(chapter, name))) || {};
    } catch {
      return {};
    }
  },
  write(chapter, name, value) {
    try {
      localStorage.setItem(this.key(chapter, name), JSON.stringify(value));
      return true;
    } catch {
      return false; // a browser that keeps nothing
    }
  },
  chapters(name) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith("backprop/") && key.endsWith(`/${name}`)).map((key) => key.split("/")[1]).sort();
    } catch {
      return [];
    }
  },
  forget(chapter, name) {
    try {
      localStorage.removeItem(this.key(chapter, name));
    } catch {
      // nothing was kept
    }
  },
};

// The assignment: its notebook, and of its code cells which task each is.

const notebooks = {};
const assignment = (chapter) =>
  (notebooks[chapter] ??= fetch(current(`tasks/${chapter}/${chapter}.ipynb`)).then((answer) => {
    if (answer.ok) return answer.json();
    delete notebooks[chapter];
    throw new Error(`the notebook of this chapter cannot be loaded (${answer.status})`);
  }));
const source = (cell) => [cell.source].flat().join("");
const taskOf = ({ metadata: { nbgrader = {} } = {} }) => (nbgrader.solution ? nbgrader.grade_id : null);

// What stands in the editors, by task.
const written = () => new Map([...document.querySelectorAll("backprop-task")].map((task) => [task.name, task.value]));

// Python, in a worker of its own; one request at a time, in the order in which they came.

class Python {
  constructor(chapter) {
    this.chapter = chapter;
    this.queue = Promise.resolve();
    this.loading = "Loading Python (9 MB the first time) …";
  }

  start() {
    this.worker = new Worker(current("worker.js"));
    this.worker.postMessage({
      start: {
        runtime: runtime.href,
        wheels: list().getAttribute("wheels").split(" ").map((name) => current(`python/${name}`)),
        files: ["checks.py", "expected.json"].map((name) => current(`tasks/${this.chapter}/${name}`)),
      },
    });
  }

  end() {
    this.worker?.terminate();
    this.worker = null;
  }

  check(request, says) {
    const asked = this.queue.then(() => this.ask(request, says));
    this.queue = asked.catch(() => {});
    return asked;
  }

  ask(request, says) {
    return new Promise((resolve, reject) => {
      let clock;
      if (!this.worker) this.start();
      if (this.loading) says(this.loading);
      const over = (action, value) => {
        clearTimeout(clock);
        action(value);
      };
      const fail = (words) => {
        this.end();
        this.loading = "Loading Python …";
        over(reject, new Error(words));
      };
      this.worker.onerror = (event) => fail(event.message || "Python cannot be started");
      this.worker.onmessage = ({ data }) => {
        if (data.failed) fail(data.failed);
        if (data.answer) over(resolve, data.answer);
        if (data.checking) {
          this.loading = "";
          says(`Checking … (a check that takes longer than ${LIMIT} seconds is stopped)`);
          clock = setTimeout(() => {
            this.end();
            this.loading = "Starting Python again …";
            this.start(); // ready for the next press
            const text = `Stopped after ${LIMIT} seconds: does a loop end?`;
            over(resolve, { text, html: `<div>${text}</div>`, right: false, printed: "", stopped: true });
          }, LIMIT * 1000);
        }
      };
      this.worker.postMessage({ check: request });
    });
  }
}

const pythons = {};

// The editor: a text area, over a copy of its text that has colours.

const TOKEN = new RegExp(
  [
    "(?<c1>#.*)",
    `(?<s2>\\b[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?)|"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?)`,
    "(?<=\\bdef[ ]+)(?<nf>\\w+)",
    "(?<kc>\\b(?:None|True|False)\\b)",
    "(?<k>\\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\\b)",
    "(?<mi>\\b\\d[\\w.]*)",
  ].join("|"),
  "g",
);

function coloured(text) {
  const escape = (part) => part.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  let html = "", at = 0;
  for (const found of text.matchAll(TOKEN)) {
    const kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    html += `${escape(text.slice(at, found.index))}<span class="${kind}">${escape(found[0])}</span>`;
    at = found.index + found[0].length;
  }
  return html + escape(text.slice(at));
}

function editor(label, describedBy, changed) {
  const box = document.createElement("div");
  box.className = "task-editor highlight";
  box.innerHTML = `<pre aria-hidden="true"></pre><textarea spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" wrap="soft"></textarea>`;
  const [copy, area] = box.children;
  area.setAttribute("aria-label", label);
  area.setAttribute("aria-describedby", describedBy);
  const paint = () => (copy.innerHTML = coloured(area.value) + "\n ");
  const insert = (text) => {
    // keeps the browser's undo, as setting the value does not
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
    }
  };
  const lineStart = (at) => area.value.lastIndexOf("\n", at - 1) + 1;
  const indent = (by) => {
    const [from, to] = [lineStart(area.selectionStart), area.selectionEnd];
    const lines = area.value.slice(from, to).split("\n");
    const moved = lines.map((line) => (by > 0 ? `    ${line}` : line.replace(/^ {1,4}/, ""))).join("\n");
    const caret = area.selectionStart === area.selectionEnd ? area.selectionEnd + moved.length - (to - from) : null;
    area.focus();
    area.setSelectionRange(from, to);
    if (moved) insert(moved);
    else document.execCommand("delete");
    if (caret === null) area.setSelectionRange(from, from + moved.length);
    else area.setSelectionRange(Math.max(from, caret), Math.max(from, caret));
  };
  area.addEventListener("input", () => {
    paint();
    changed();
  });
  area.addEventListener("keydown", (event) => {
    const before = area.value.slice(lineStart(area.selectionStart), area.selectionStart);
    const none = area.selectionStart === area.selectionEnd;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing) {
      insert(`\n${/^ */.exec(before)[0]}${/:\s*(#.*)?$/.test(before) ? "    " : ""}`);
    } else if (event.key === "Backspace" && none && /^ +$/.test(before) && before.length % 4 === 0 && !event.ctrlKey && !event.altKey && !event.metaKey) {
      area.setSelectionRange(area.selectionStart - 4, area.selectionStart);
      document.execCommand("delete");
    } else if ((event.ctrlKey || event.metaKey) && (event.key === "]" || event.key === "[")) {
      indent(event.key === "]" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  // The theme turns pages at arrow keys: not while somebody writes.
  area.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    box,
    area,
    indent,
    replace(text) {
      area.focus();
      area.select();
      insert(text);
      area.setSelectionRange(0, 0);
    },
    get value() {
      return area.value;
    },
    set value(text) {
      area.value = text;
      paint();
    },
  };
}

function button(words, press, about = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (about) made.setAttribute("aria-label", about);
  made.addEventListener("click", press);
  return made;
}

const served = location.protocol !== "file:";

class Task extends HTMLElement {
  connectedCallback() {
    if (!served || this.area) return;
    this.chapter = this.getAttribute("chapter");
    this.name = this.getAttribute("name");
    this.stub = this.querySelector(".task-stub pre").textContent.replace(/\n+$/, "");
    const hint = `hint-${this.name}`;
    this.area = editor(`Your ${this.name}`, hint, () => this.edited());
    this.status = document.createElement("p");
    this.status.className = "task-status";
    this.status.setAttribute("role", "status");
    this.answer = document.createElement("div");
    this.answer.className = "task-answer";
    this.answer.tabIndex = -1;
    this.answer.setAttribute("role", "group");
    this.answer.setAttribute("aria-label", `What the check says of ${this.name}`);
    this.answer.hidden = true;
    const controls = document.createElement("div");
    controls.className = "task-controls";
    this.pressed = button("Check", () => this.press(), `Check ${this.name}`);
    this.pressed.className = "task-check";
    controls.append(
      this.pressed,
      button("Start again", () => this.startAgain(), `Start ${this.name} again`),
      button("⇥", () => this.area.indent(1), "Indent the line"),
      button("⇤", () => this.area.indent(-1), "Unindent the line"),
    );
    const help = document.createElement("p");
    help.id = hint;
    help.className = "task-hint";
    help.textContent = "Ctrl-Enter checks. Ctrl-] and Ctrl-[ indent and unindent; Tab leaves the editor.";
    this.area.area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        this.press();
      }
    });
    this.notice = document.createElement("div");
    this.notice.className = "task-notice";
    this.querySelector(".task-stub").replaceWith(this.area.box);
    this.querySelector(".task-elsewhere").replaceWith(controls, help, this.status, this.notice, this.answer);
    const saved = kept.read(this.chapter, this.name);
    this.area.value = saved.code ?? this.stub;
    this.passed = saved.right ? saved.code : saved.passed; // what was right when it was checked
    this.done = this.value === this.passed;
    if (saved.code !== undefined && saved.stub !== this.stub) this.offerNewStub();
    else if (saved.code === undefined) this.offerEarlier();
  }

  get value() {
    return this.area ? this.area.value : this.querySelector(".task-stub pre").textContent;
  }

  set value(code) {
    this.area.value = code;
    this.edited();
  }

  get done() {
    return this.hasAttribute("done");
  }

  set done(right) {
    this.toggleAttribute("done", right);
    document.dispatchEvent(new CustomEvent("backprop-done", { detail: this.chapter }));
  }

  keep(more = {}) {
    const { stub = this.stub } = kept.read(this.chapter, this.name);
    if (this.value === this.stub) kept.forget(this.chapter, this.name);
    else if (!kept.write(this.chapter, this.name, { code: this.value, stub, right: this.done, passed: this.passed, ...more }))
      this.status.textContent = "This browser keeps nothing: download your notebook before you leave.";
  }

  edited() {
    this.done = this.value === this.passed;
    this.keep();
    const old = !this.answer.hidden && this.value !== this.checked;
    this.answer.toggleAttribute("old", old);
    if (!this.pressed.disabled) this.status.textContent = old ? "Changed since it was checked." : "";
  }

  startAgain() {
    if (this.value !== this.stub && !confirm(`Throw away what you wrote for ${this.name}?`)) return;
    this.area.replace(this.stub); // undo brings it back
    this.notice.replaceChildren();
    this.answer.hidden = true;
    this.status.textContent = "Here is the stub again.";
  }

  offerNewStub() {
    const words = document.createElement("p");
    words.textContent = "This task has changed since you wrote this. Yours is still here; Start again shows the new one.";
    this.notice.replaceChildren(
      words,
      button("Keep mine", () => {
        this.keep({ stub: this.stub });
        this.notice.replaceChildren();
        this.area.area.focus();
      }, `Keep mine for ${this.name}`),
    );
  }

  // What was right in an earlier chapter may be brought along.
  offerEarlier() {
    const before = kept.chapters(this.name).filter((chapter) => chapter < this.chapter && kept.read(chapter, this.name).right).pop();
    if (!before) return;
    const words = document.createElement("p");
    words.textContent = `You wrote ${this.name} in chapter ${Number(before.slice(0, 2))}. To write it once more from memory helps to keep it; or take it from there.`;
    this.notice.replaceChildren(
      words,
      button("Bring it along", () => {
        this.area.replace(kept.read(before, this.name).code);
        this.notice.replaceChildren();
      }, `Bring ${this.name} along`),
    );
  }

  async press() {
    await this.check();
    this.answer.scrollIntoView({ block: "nearest" });
  }

  async check() {
    this.pressed.disabled = true;
    this.answer.hidden = true;
    const code = this.value;
    let said;
    try {
      const { cells } = await assignment(this.chapter);
      const tasks = written();
      const python = (pythons[this.chapter] ??= new Python(this.chapter));
      said = await python.check(
        {
          name: this.name,
          book: root.href.replace(/\/$/, ""),
          cells: cells
            .filter((cell) => cell.cell_type === "code")
            .map((cell) => ({ task: taskOf(cell), source: tasks.get(taskOf(cell)) ?? source(cell) })),
        },
        (words) => (this.status.textContent = words),
      );
      this.status.textContent = said.right ? "All right." : said.stopped ? "Stopped." : "Not right yet.";
    } catch (error) {
      const text = `The check could not run: ${error.message}. Try again; if that does not help, download the notebook.`;
      said = { text, html: "", right: false, printed: "" };
      said.html = Object.assign(document.createElement("div"), { textContent: text }).outerHTML;
      this.status.textContent = "The check could not run.";
    }
    this.show(said);
    this.checked = code;
    if (said.right) this.passed = code;
    else if (this.passed === code) this.passed = undefined;
    this.pressed.disabled = false;
    const status = this.status.textContent;
    this.edited();
    if (this.value === code) this.status.textContent = status;
    return said.text;
  }

  show({ text, html, printed }) {
    this.answer.innerHTML = html;
    for (const link of this.answer.querySelectorAll("a")) link.removeAttribute("target");
    const first = /^ *([\w, ]+) comes? first/m.exec(text);
    const missing = [...document.querySelectorAll("backprop-task")].filter((task) => first && new RegExp(`\\b${task.name}\\b`).test(first[1]));
    for (const task of missing) {
      const link = Object.assign(document.createElement("a"), { href: `#${task.id}`, textContent: `Task ${task.getAttribute("number")}: ${task.name}` });
      const line = document.createElement("div");
      line.append("→ ", link);
      this.answer.append(line);
    }
    if (printed) {
      const more = document.createElement("details");
      more.innerHTML = "<summary>What it printed</summary><pre tabindex='0'></pre>";
      more.querySelector("pre").textContent = printed;
      this.answer.append(more);
    }
    this.answer.hidden = false;
    const table = this.answer.querySelector("table");
    const entry = table?.querySelector("td[style*='2px solid']"); // of which is spoken: on a phone it may stand to the right
    if (entry) this.answer.scrollLeft = Math.max(0, entry.offsetLeft + table.offsetLeft - this.answer.clientWidth / 2);
  }
}

class Tasks extends HTMLElement {
  connectedCallback() {
    if (!served || this.list) return;
    this.chapter = this.getAttribute("chapter");
    this.list = document.createElement("ol");
    this.count = document.createElement("p");
    this.count.className = "task-count";
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.file = Object.assign(document.createElement("input"), { type: "file", accept: ".ipynb", hidden: true });
    this.file.addEventListener("change", () => this.open(this.file.files[0]));
    const controls = document.createElement("div");
    controls.className = "task-controls";
    controls.append(
      button("Download my notebook", () => this.download()),
      button("Open a notebook", () => this.file.click()),
      this.file,
    );
    const note = document.createElement("p");
    note.className = "task-hint";
    note.textContent = "What you write stays in this browser, on this device, and is sent nowhere. The notebook takes it along: it is the one to hand in.";
    this.append(this.count, this.list, controls, note, this.status);
    document.addEventListener("backprop-done", () => this.refresh());
    this.refresh();
  }

  refresh() {
    const tasks = [...document.querySelectorAll("backprop-task")];
    tasks.sort((a, b) => a.getAttribute("number") - b.getAttribute("number"));
    const done = tasks.filter((task) => task.done).length;
    this.count.textContent = `${done} of ${tasks.length} tasks done.`;
    this.list.replaceChildren(
      ...tasks.map((task) => {
        const item = document.createElement("li");
        const link = Object.assign(document.createElement("a"), { href: `#${task.id}` });
        link.append(Object.assign(document.createElement("code"), { textContent: task.getAttribute("name") }));
        item.append(link, task.done ? " ✓ done" : "");
        return item;
      }),
    );
    progress();
  }

  async notebook() {
    const nb = structuredClone(await assignment(this.chapter));
    const tasks = written();
    for (const cell of nb.cells) {
      const code = tasks.get(taskOf(cell));
      if (code !== undefined) cell.source = code;
    }
    return nb;
  }

  async download() {
    try {
      const text = `${JSON.stringify(await this.notebook(), null, 1)}\n`;
      const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
      Object.assign(document.createElement("a"), { href: address, download: `${this.chapter}.ipynb` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      this.status.textContent = `${this.chapter}.ipynb was downloaded, with what you have written.`;
    } catch (error) {
      this.status.textContent = `The notebook could not be made: ${error.message}.`;
    }
  }

  async open(file) {
    this.file.value = "";
    if (!file) return;
    let cells;
    try {
      cells = JSON.parse(await file.text()).cells.filter((cell) => cell.cell_type === "code");
    } catch {
      this.status.textContent = `${file.name} is not a notebook. Nothing was changed.`;
      return;
    }
    const found = new Map();
    for (const task of document.querySelectorAll("backprop-task")) {
      const own = cells.find((cell) => taskOf(cell) === task.name) ?? cells.findLast((cell) => new RegExp(`^def ${task.name}\\(`, "m").test(source(cell)));
      if (own) found.set(task, source(own));
    }
    const written = [...found].filter(([task, code]) => task.value !== code && task.value !== task.stub);
    if (!found.size) this.status.textContent = `${file.name} holds none of this chapter's tasks. Nothing was changed.`;
    else if (!written.length || confirm(`This replaces what you wrote for ${written.map(([task]) => task.name).join(", ")}. Go on?`)) {
      for (const [task, code] of found) if (task.value !== code) task.value = code;
      this.status.textContent = `${found.size} tasks were read from ${file.name}.`;
    } else this.status.textContent = "Nothing was changed.";
  }
}

// How many tasks are done, beside each chapter in the list of chapters.

function progress() {
  for (const link of document.querySelectorAll(".bd-sidebar-primary nav a[href], .bd-links a[href]")) {
    const chapter = /(\d\d-[\w-]+)\.html$/.exec(link.pathname)?.[1] ?? (link.getAttribute("href") === "#" ? /(\d\d-[\w-]+)\.html$/.exec(location.pathname)?.[1] : null);
    if (!chapter) continue;
    let done = 0;
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(`backprop/${chapter}/`) && JSON.parse(localStorage[key]).right) done++;
    } catch {
      continue;
    }
    let mark = link.querySelector(".task-progress");
    if (!done) {
      mark?.remove();
      continue;
    }
    if (!mark) link.append((mark = Object.assign(document.createElement("span"), { className: "task-progress" })));
    mark.textContent = ` ${done} ✓`;
    mark.setAttribute("aria-label", `, ${done} tasks done`);
    mark.setAttribute("role", "img");
  }
}

customElements.define("backprop-task", Task);
customElements.define("backprop-tasks", Tasks);
progress();
