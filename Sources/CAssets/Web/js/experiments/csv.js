// Rows of separated values, as RFC 4180 has them: quotes hold separators and line ends, doubled quotes are one.

/** @returns a list of rows of texts; empty lines are left out */
export const parseRows = (text, separator) => {
	const rows = [];
	let row = [];
	let field = "";
	let isQuoted = false;
	const endRow = () => {
		row.push(field);
		if (row.length > 1 || row[0] !== "") rows.push(row);
		[row, field] = [[], ""];
	};
	for (let at = 0; at < text.length; at += 1) {
		const letter = text[at];
		if (isQuoted) {
			if (letter !== '"') field += letter;
			else if (text[at + 1] === '"') {
				field += '"';
				at += 1;
			} else isQuoted = false;
		} else if (letter === '"' && field === "") isQuoted = true;
		else if (letter === separator) {
			row.push(field);
			field = "";
		} else if (letter === "\n") endRow();
		else if (letter !== "\r") field += letter;
	}
	if (field !== "" || row.length > 0) endRow();
	return rows;
};
