// What was dropped, chosen or pasted, as a flat list of {file, name, album, label}. Folders become classes.

const SKIPPED = new Set(["thumbs.db", "desktop.ini", "__macosx"]);
export const MOST_FILES = 2000;

// `path` is where the file lay in what was given: "pets/cats/1.jpg". The innermost folder is the class; with folders above
// it, the outermost is the album.
export function item(file, path = file.name) {
  const parts = path.split("/").filter(Boolean);
  return {
    file,
    name: parts.at(-1) ?? file.name,
    label: parts.length > 1 ? parts.at(-2) : "",
    album: parts.length > 2 ? parts[0] : null,
    zip: /\.zip$/i.test(file.name),
  };
}

// What systems put into folders on their own is nobody's picture.
function meant(path) {
  return path.split("/").every((part) => !part.startsWith(".") && !SKIPPED.has(part.toLowerCase()));
}

export function chosenFiles(list) {
  return [...list].filter((file) => meant(file.webkitRelativePath || file.name)).map((file) => item(file, file.webkitRelativePath || file.name));
}

// Entries must be asked for before the first await: the browser forgets them with the event.
export async function dropped(transfer) {
  const entries = [...transfer.items].map((one) => (one.kind === "file" ? one.webkitGetAsEntry?.() : null)).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return chosenFiles(transfer.files);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

async function walk(entry, above, found) {
  const path = above + entry.name;
  if (!meant(path) || found.length > MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise((done) => entry.file(done, () => done(null)));
    if (file) found.push(item(file, path));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([]))); // a hundred at a time
    if (!some.length) return;
    for (const one of some) await walk(one, `${path}/`, found);
  }
}

export function pasted(clipboard) {
  return [...(clipboard?.files ?? [])].filter((file) => file.type.startsWith("image/")).map((file) => item(file));
}

// The clipboard, asked for by a button. Throws where the browser says no.
export async function fromClipboard() {
  const found = [];
  for (const one of await navigator.clipboard.read()) {
    const type = one.types.find((name) => name.startsWith("image/"));
    if (type) found.push(item(new File([await one.getType(type)], `pasted.${type.slice(6)}`, { type })));
  }
  return found;
}

export const canReadClipboard = () => Boolean(window.isSecureContext && navigator.clipboard?.read);
