// The graph that is shown as DOT, the language of Graphviz: open boxes as clusters.

const quoted = (text) => `"${String(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

export function dot({ nodes, edges, direction }) {
  const within = (parent) => nodes.filter((node) => (node.parent ?? null) === parent);
  const parents = new Set(nodes.map(({ parent }) => parent));
  const lines = (parent, indent) =>
    within(parent).flatMap((node) => {
      const name = `${node.label}${node.count > 1 ? ` x${node.count}` : ""}`;
      const label = quoted(node.sub ? `${name}\n${node.sub}` : name);
      if (!parents.has(node.id)) return [`${indent}${quoted(node.id)} [label=${label}];`];
      return [`${indent}subgraph ${quoted(`cluster_${node.id}`)} {`, `${indent}  label=${label};`, ...lines(node.id, `${indent}  `), `${indent}}`];
    });
  const arrows = edges.map(({ from, to, label }) => `  ${quoted(from)} -> ${quoted(to)}${label ? ` [label=${quoted(label)}]` : ""};`);
  return ["digraph network {", `  rankdir=${direction === "RIGHT" ? "LR" : "TB"};`, "  node [shape=box, style=rounded];", ...lines(null, "  "), ...arrows, "}", ""].join("\n");
}

export function save(text, kind, name) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
