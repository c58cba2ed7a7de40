/** What the page works on now. Views read it, change it by its methods, and listen to its events. */

class State extends EventTarget {
  /** `file` is what was dropped, if anything; `pages` and `quoted` hold while the text is as it was read. */
  document = { text: "", title: "", file: null, pages: [], quoted: [], source: "" };
  /** The answer of the service on a text: `document` (the report), `shown`, `detector`, `entry`; or null. */
  result = null;
  /** The audit's JSON, or null. */
  audit = null;
  account = null;
  /** What is known of the text: a genre and a kind of writer that the detector was measured on, or null. */
  declared = { genre: null, writer: null };
  preferences = {};
  /** The id of the draft trail that is being written, or "". */
  draft = "";
  /** The text that `result` is on. */
  #checked = "";
  /** The text that `audit` is on, and when it was kept, if it was. */
  #audited = "";
  #kept = null;
  /** The text that went into the history last. */
  #stored = null;

  setDocument(given) {
    this.document = { text: "", title: "", file: null, pages: [], quoted: [], ...given };
    this.document.source = this.document.text;
    this.declared = { genre: null, writer: null };
    this.setResult(null);
    this.setAudit(null);
    this.#tell("document");
  }

  /** The text was edited: what was known about the file it came from holds no longer. */
  edit(text) {
    if (text === this.document.text) return;
    this.document.text = text;
    this.#tell("edit");
  }

  setResult(result) {
    this.result = result;
    this.#checked = this.document.text;
    if (result?.entry) this.stored(this.document.text);
    this.#tell("result");
  }

  /** `kept` belongs to an audit of the history: `{created, library}`, what was searched for it. */
  setAudit(audit, kept = null) {
    this.audit = audit;
    this.#audited = this.document.text;
    this.#kept = kept;
    this.#tell("audit");
  }

  /** A text went into the history. */
  stored(text) {
    this.#stored = text;
  }

  setAccount(account) {
    this.account = account;
    this.#tell("account");
  }

  declare(known) {
    this.declared = { ...this.declared, ...known };
    this.#tell("declared");
  }

  setDraft(draft) {
    this.draft = draft;
    this.#tell("draft");
  }

  setPreferences(preferences) {
    this.preferences = preferences;
    this.#tell("preferences");
  }

  /** Whether the text is still as the file had it, so that pages and quotations hold. */
  get unedited() {
    return this.document.text === this.document.source;
  }

  /** Whether there is a result, and it is one on the text as it is now. */
  get fresh() {
    return this.result !== null && this.#checked === this.document.text;
  }

  /** What is known of an audit that was kept, while it is shown and the text is the one it is on; or null. */
  get keptAudit() {
    return this.#audited === this.document.text ? this.#kept : null;
  }

  /** Whether something was typed that would be lost with the page. */
  get unsaved() {
    const { text } = this.document;
    return text.trim() !== "" && !this.unedited && text !== this.#stored;
  }

  #tell(event) {
    this.dispatchEvent(new Event(event));
  }
}

export const state = new State();

/** What the service said about itself in the shell. */
export const service = {
  accounts: document.documentElement.dataset.accounts === "1",
  signUp: document.documentElement.dataset.signUp === "1",
  keeps: document.documentElement.dataset.keeps === "1",
};
