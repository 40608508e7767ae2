// What goes to the gateway and comes from it. Nothing is lost and nothing doubled:
// a message is kept here until the gateway has it, and sent again with the same id;
// the stream is asked for what comes after the last position seen.

const HOOK = "/hook/web";
const MESSAGES = "/api/web/messages";
const EVENTS = "/api/web/events";
const SILENCE_MS = 50000; // the gateway says something every 20 s
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 8000;
const POST_MS = 15000;

export function randomId(bytes) {
  const raw = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export class Wire {
  // on: message(message), sent(item), refused(item, code), connected(yes)
  constructor(conversation, target, shelf, on) {
    this.conversation = conversation;
    this.target = target;
    this.shelf = shelf;
    this.on = on;
    this.position = 0;
    this.loading = true;
    this.stopped = false;
    this.posting = false;
    this.wake = () => {};
    this.unsent = readList(shelf.get("unsent"));
    addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  stop() {
    this.stopped = true;
    this.unsent = [];
    this.reading?.abort();
  }

  // Everything said so far; tries until it has it.
  async load() {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        let more = true;
        while (more) {
          const response = await fetch(`${MESSAGES}?after=${this.position}`, {
            headers: this.headers(),
            signal: AbortSignal.timeout(POST_MS),
          });
          if (!response.ok) throw new Error("HTTP " + response.status);
          const page = await response.json();
          page.messages.forEach((message) => this.take(message));
          more = page.more;
        }
        this.loading = false;
        return;
      } catch {
        this.on.connected(false);
        await this.pause(pause);
      }
    }
  }

  run() {
    this.follow();
    this.flush();
  }

  send(item) {
    this.unsent.push(item);
    this.keep();
    if (!this.loading) this.flush();
  }

  // Posts what is unsent, one by one: the order of the messages is the order of the conversation.
  async flush() {
    if (this.posting) return;
    this.posting = true;
    let pause = FIRST_PAUSE_MS;
    while (this.unsent.length && !this.stopped) {
      const item = this.unsent[0];
      const answer = await this.post(item);
      if (answer.again) {
        await this.pause(answer.after || pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        continue;
      }
      pause = FIRST_PAUSE_MS;
      this.drop(item.id);
      if (answer.code) this.on.refused(item, answer.code);
      else this.on.sent(item);
    }
    this.posting = false;
  }

  async post(item) {
    try {
      const response = await fetch(HOOK, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ conversation: this.conversation, ...this.target, ...item }),
        signal: AbortSignal.timeout(POST_MS),
      });
      if (response.ok) return {};
      if (response.status === 429) return { again: true, after: 1000 * (response.headers.get("Retry-After") || 1) };
      if (response.status >= 500) return { again: true };
      const problem = await response.json().catch(() => ({}));
      return { code: problem.code || "other" };
    } catch {
      return { again: true };
    }
  }

  // Follows the stream for ever. "Lost" is said only when a second try fails: a restart takes a moment.
  async follow() {
    let pause = FIRST_PAUSE_MS;
    let failures = 0;
    while (!this.stopped) {
      try {
        await this.read(() => {
          pause = FIRST_PAUSE_MS;
          failures = 0;
          this.on.connected(true);
        });
      } catch {
        // fall through to the next try
      }
      if (this.stopped) return;
      failures += 1;
      if (failures > 1) this.on.connected(false);
      await this.pause(pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  async read(connected) {
    this.reading = new AbortController();
    let silence;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => this.reading.abort(), SILENCE_MS);
    };
    try {
      alive();
      const response = await fetch(`${EVENTS}?after=${this.position}`, {
        headers: this.headers(),
        signal: this.reading.signal,
        cache: "no-store",
      });
      if (!response.ok) throw new Error("HTTP " + response.status);
      connected();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        buffer += value;
        const blocks = buffer.split("\n\n");
        buffer = blocks.pop();
        blocks.forEach((block) => this.block(block));
      }
    } finally {
      clearTimeout(silence);
    }
  }

  block(block) {
    const lines = block.split("\n");
    const event = lines.find((line) => line.startsWith("event: "))?.slice(7);
    const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
    if (event === "message" && data) this.take(JSON.parse(data));
  }

  take(message) {
    if (message.position <= this.position) return;
    this.position = message.position;
    // The stream may be quicker than the answer to the post.
    if (message.side === "citizen") this.drop(message.key);
    this.on.message(message);
  }

  drop(id) {
    this.unsent = this.unsent.filter((item) => item.id !== id);
    this.keep();
  }

  headers() {
    return { Authorization: "Bearer " + this.conversation };
  }

  keep() {
    this.shelf.set("unsent", JSON.stringify(this.unsent));
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const before = this.wake;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        before();
        resolve();
      };
    });
  }
}

function readList(text) {
  try {
    const list = JSON.parse(text || "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
