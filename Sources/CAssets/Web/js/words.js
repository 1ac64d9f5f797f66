// English is the language of the sources: a text is its own key, by which the Korean tables (js/ko) are looked up.

const remembered = () => {
	try {
		return localStorage.getItem("language");
	} catch {
		return null;
	}
};

/** `en` or `ko`: what was chosen by hand, else the browser's. */
export const language = remembered() ?? (navigator.language?.startsWith("ko") ? "ko" : "en");

const table = {};

/**
 * Fetches the Korean texts of a page, by the name of its folder; before its modules run, because texts are among their constants.
 * A page says what stands in its own table and in these three, and nothing of other pages.
 */
export const loadTexts = async (...names) => {
	if (language !== "ko") return;
	const tables = await Promise.all(names.map((name) => import(`./ko/${name}.js`)));
	Object.assign(table, ...tables.map((each) => each.default));
};
await loadTexts("common", "parts", "shell");

/**
 * A text in the person's language; a tag of templates. What has no translation stays English. A translation names the
 * values in their order as `{}`, or by their places as `{0}` and `{1}`.
 */
export const t = (strings, ...values) => {
	const text = table[strings.join("{}")];
	if (text === undefined) return String.raw({ raw: strings }, ...values);
	let next = 0;
	return text.replace(/\{(\d*)\}/g, (_, place) => values[place === "" ? next++ : Number(place)]);
};

/** Where a node will stand in a sentence: languages put it at different places. */
export const slot = (place) => `\u{E000}${place}\u{E001}`;

/** A sentence with `nodes` in its slots. */
export const weave = (sentence, ...nodes) => sentence.split(/\u{E000}(\d)\u{E001}/u).map((piece, n) => (n % 2 ? nodes[Number(piece)] : piece));

/** Remembers the language, and shows the page in it. */
export const speak = (chosen) => {
	try {
		localStorage.setItem("language", chosen);
	} catch {
		// Private windows may refuse storage; then the browser's own language stays.
	}
	location.reload();
};
