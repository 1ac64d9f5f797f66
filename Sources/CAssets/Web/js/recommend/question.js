// What is asked beside "for whom": a genre, and which versions. It stands in the page's address.

/** `versions`: one or two; null is the version that answers now, written as `live`. */
export const questionOf = (query) => {
	const versions = (query.get("versions") ?? "").split(",").filter(Boolean).slice(0, 2)
		.map((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null));
	return { genre: query.get("genre") || null, versions: versions.length > 0 ? versions : [null] };
};

export const addressWith = (href, { genre, versions }) => {
	const query = new URLSearchParams();
	if (genre) query.set("genre", genre);
	if (versions.length > 1 || versions[0] !== null) query.set("versions", versions.map((version) => version ?? "live").join(","));
	// A comma needs no escape in a query, and reads better.
	const text = query.toString().replaceAll("%2C", ",");
	return text ? `${href}?${text}` : href;
};
