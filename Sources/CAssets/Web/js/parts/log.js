// A task's log: its end at once and as it grows, what came before on demand, so that 100 MB of it are as easy as ten lines.
import { stream } from "../api.js";
import { button, copyButton, el, problemBox, replace, setAttribute, setText } from "../dom.js";
import { count } from "../format.js";
import { t } from "../words.js";

const pageBytes = 128 << 10;
const keptLines = 5000;
/** Also as the end of a word: `ValueError: …`. */
const alarming = /(error|fatal|failed|failure|exception|traceback|panic)\b/i;
/** What mlstack itself writes at the end of an attempt. */
const ours = /^\S+ (ERROR failed: |INFO  (exit code|signal) \d)/;
const isBare = /^(exit code|signal) \d+/;
/** `2015-01-09T00:00:12.345+09:00 INFO  ` */
const stamp = /^\d{4}-\S+ [A-Z]+ +/;
const newline = 10;
const decoder = new TextDecoder();

/** Cuts bytes into whole lines, each with its length; what is left of the last is kept for the next piece. */
const makeCutter = () => {
	let rest = new Uint8Array();
	const join = (bytes) => {
		const all = new Uint8Array(rest.length + bytes.length);
		all.set(rest);
		all.set(bytes, rest.length);
		return all;
	};
	const cut = (bytes) => {
		const all = rest.length > 0 ? join(bytes) : bytes;
		const lines = [];
		let start = 0;
		for (let end = all.indexOf(newline); end >= 0; end = all.indexOf(newline, start)) {
			lines.push({ text: decoder.decode(all.subarray(start, end)), bytes: end + 1 - start });
			start = end + 1;
		}
		rest = all.slice(start);
		return lines;
	};
	return { cut, rest: () => decoder.decode(rest) };
};

const draw = ({ text, bytes }, number) => {
	const node = el("span", { class: alarming.test(text) ? "line marked" : "line", "data-line": number }, `${text}\n`);
	node.bytes = bytes;
	return node;
};

/**
 * @returns `{node, show({path, follows, message}), stop()}`: `show` begins with the log at `path` (a path with a query) unless it
 * is shown already; `follows` goes on while it grows; `message` is what the attempt failed with, `""` when that is not known any
 * more: by it the line that matters is found. `onFound({line, text})` is told of that line.
 */
export const makeLog = ({ label = t`Log`, onFound } = {}) => {
	const status = el("div", { class: "muted", role: "status" });
	const lines = el("pre", { class: "log", tabindex: 0, role: "region", "aria-label": label });
	const earlier = button("", "small", () => loadEarlier());
	const jump = button(t`Jump to the error`, "small", () => markThatMatters()?.scrollIntoView({ block: "center" }));
	const plain = el("a", { class: "small", target: "_blank", rel: "noopener" }, t`As plain text`);
	const node = el("div", { class: "log-view" },
		el("div", { class: "row log-tools" }, jump, copyButton(t`Copy the log`, () => lines.textContent), plain, earlier), status, lines);

	let stopping = null;
	let shown = "";
	/** The byte and the line (from 1) with which the first line in sight begins. */
	let begin = { byte: 0, line: 1 };
	let wanted = {};
	let isRead = false;

	const tools = () => {
		jump.hidden = !lines.querySelector(".marked");
		earlier.hidden = begin.byte === 0;
		if (!earlier.hidden) setText(earlier, begin.line > 1 ? t`Earlier lines (${count(begin.line - 1)})` : t`Earlier lines`);
	};

	/**
	 * The last line that says what the task failed with. Of a program that only ended badly the message says no more than its exit
	 * code: then the last of its own lines that alarms, else the last that it wrote.
	 */
	const thatMatters = () => {
		const all = [...lines.querySelectorAll(".line")].reverse();
		const said = wanted.message?.split("\n")[0].slice(0, 60);
		const own = all.filter((line) => !ours.test(line.textContent));
		const alarm = own.find((line) => line.classList.contains("marked"));
		if (said && !isBare.test(said)) return all.find((line) => line.textContent.includes(said)) ?? alarm ?? all.find((line) => line.classList.contains("marked"));
		return alarm ?? own[0] ?? all[0];
	};
	const markThatMatters = () => {
		const line = thatMatters();
		lines.querySelector(".matters")?.classList.remove("matters");
		line?.classList.add("marked", "matters");
		return line;
	};

	const put = (fresh) => {
		const atEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 30;
		let number = begin.line + lines.childElementCount;
		lines.append(...fresh.map((line) => draw(line, number++)));
		while (lines.childElementCount > keptLines) {
			begin = { byte: begin.byte + lines.firstChild.bytes, line: begin.line + 1 };
			lines.firstChild.remove();
		}
		if (atEnd) lines.scrollTop = lines.scrollHeight;
		tools();
	};

	/** Reads an answer piece by piece; the part of a line that it begins with is left to an earlier page. */
	const read = async (path, signal, take) => {
		const response = await stream(path, signal);
		const at = { byte: Number(response.headers.get("x-mlstack-log-offset") ?? 0), line: Number(response.headers.get("x-mlstack-log-line") ?? 1) };
		const cutter = makeCutter();
		const reader = response.body.getReader();
		let isFirst = at.byte > 0;
		for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
			const fresh = cutter.cut(value);
			if (isFirst && fresh.length > 0) {
				at.byte += fresh[0].bytes;
				at.line += 1;
				fresh.shift();
				isFirst = false;
			}
			take(fresh, at);
		}
		return cutter.rest();
	};

	const readEnd = async ({ path, follows }, signal) => {
		setText(status, t`reading…`);
		let isFirst = true;
		const rest = await read(`${path}&tail=${pageBytes}${follows ? "&follow=true" : ""}`, signal, (fresh, at) => {
			if (isFirst) begin = at;
			isFirst = false;
			put(fresh);
			setText(status, "");
		});
		if (rest) put([{ text: rest, bytes: 0 }]);
		setText(status, lines.firstChild ? "" : t`The log is empty.`);
		isRead = true;
		finish();
	};

	/** Once it is known how the task ended and the log is read to its end. */
	const finish = () => {
		const line = isRead && typeof wanted.message === "string" ? markThatMatters() : null;
		if (!line) return;
		// Only within the log: the page stays where it is.
		lines.scrollTop = line.offsetTop - lines.clientHeight / 2;
		onFound?.({ line: Number(line.dataset.line), text: line.textContent.trim().replace(stamp, "").slice(0, 300) });
		tools();
	};

	const loadEarlier = async () => {
		const from = Math.max(0, begin.byte - pageBytes);
		const former = lines.scrollHeight - lines.scrollTop;
		const found = [];
		let start = null;
		earlier.disabled = true;
		try {
			await read(`${wanted.path}&offset=${from}&limit=${begin.byte - from}`, stopping.signal, (fresh, at) => {
				start = at;
				found.push(...fresh);
			});
			if (start) begin = start;
			let number = begin.line;
			lines.prepend(...found.map((line) => draw(line, number++)));
			lines.scrollTop = lines.scrollHeight - former;
			tools();
		} catch (error) {
			if (error.name !== "AbortError") replace(status, problemBox(error));
		}
		earlier.disabled = false;
	};

	const stop = () => {
		stopping?.abort();
		shown = "";
	};

	const show = (next) => {
		const isSame = next.path === shown;
		const isNews = next.message !== wanted.message;
		wanted = next;
		// What was followed has been read to its end once the task has ended.
		if (isSame) return isNews ? finish() : undefined;
		stop();
		stopping = new AbortController();
		[shown, begin, isRead] = [next.path, { byte: 0, line: 1 }, false];
		replace(lines);
		setAttribute(plain, "href", next.path);
		tools();
		const { signal } = stopping;
		readEnd(next, signal).catch((error) => {
			if (error.name !== "AbortError" && !signal.aborted) replace(status, problemBox(error));
		});
	};
	return { node, show, stop };
};
