// One line about the run, for the transport bar. It listens to the live view, which owns the socket.

const LINES = new WeakMap();
const ICONS = {
  queued: "◷", running: "▶", paused: "❙❙", finished: "✓", stopped: "■", diverged: "↗", failed: "✕", interrupted: "⏻", none: "○",
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".lt-run_status");
  let line = LINES.get(parentElement);
  if (!line) {
    line = new StatusLine(root);
    LINES.set(parentElement, line);
  }
  line.update(data);
  return () => {
    line.close();
    LINES.delete(parentElement);
  };
}

class StatusLine {
  constructor(root) {
    this.root = root;
    root.innerHTML = `<span class="lt-pill" role="status"><span class="lt-icon" aria-hidden="true"></span><span class="lt-word"></span></span>
      <div class="lt-track"><progress max="1" value="0"></progress><div class="lt-facts"></div></div><div class="lt-reason"></div>`;
    this.part = (name) => root.querySelector(`.lt-${name}`);
    this.hear = (event) => {
      if (event.detail.run !== this.data.run) return;
      this.status = event.detail.status;
      this.connected = event.detail.connected;
      this.draw();
    };
    window.addEventListener("livetorch:status", this.hear);
  }

  update(data) {
    if (this.data?.run !== data.run) this.status = null;
    this.data = data;
    this.connected ??= true;
    this.draw();
  }

  close() {
    window.removeEventListener("livetorch:status", this.hear);
  }

  draw() {
    const { text } = this.data;
    const status = this.status;
    const state = status?.state ?? this.data.state ?? "none";
    this.root.dataset.state = state;
    this.part("icon").textContent = ICONS[state] ?? "";
    this.part("word").textContent = text[state];
    const progress = this.root.querySelector("progress");
    progress.value = status?.total_steps ? status.step / status.total_steps : 0;
    progress.setAttribute("aria-label", text.progress);
    this.part("facts").textContent = status?.total_steps ? this.facts(status).join(" · ") : this.data.run ? "" : text.hint;
    const said = [];
    if (status && !this.connected) said.push(text.reconnecting);
    if (status && !status.saved) said.push(text.not_saved);
    if (status?.queue_position) {
      const wait = status.expected_wait;
      said.push(text.queue.replace("{position}", status.queue_position));
      if (wait !== null) said.push(text.wait.replace("{time}", clock(wait)));
    }
    this.root.dataset.pausing = Boolean(status?.pausing);
    if (status?.pausing) said.push(text.pausing);
    if (status?.preparing) said.push(status.preparing);
    if (status?.reason) said.push(status.reason);
    this.part("reason").textContent = said.join(" ");
  }

  facts(status) {
    const { text, lang } = this.data;
    const number = (value) => value.toLocaleString(lang);
    const facts = [
      text.step.replace("{step}", number(status.step)).replace("{total}", number(status.total_steps)),
      text.epoch.replace("{epoch}", status.epoch).replace("{total}", status.epochs),
    ];
    if (text.epoch_rate && status.rate > 0 && status.samples) facts.push(text.epoch_rate.replace("{rate}", number(Math.round(status.rate / status.samples))));
    if (status.rate > 0) facts.push(text.rate.replace("{rate}", number(Math.round(status.rate))));
    if (status.state === "running" && status.eta_seconds !== null) facts.push(text.left.replace("{time}", clock(status.eta_seconds)));
    else facts.push(text.took.replace("{time}", clock(status.seconds)));
    return facts;
  }
}

function clock(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole} s`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}
