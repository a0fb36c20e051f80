// What the user chose: where it is kept, what it starts as, and what is accepted. It is kept on
// this machine only; chrome.storage.sync would hand the key to the browser vendor's servers.

// The toolbar's own style sheet and script are behind the key as well, hence the first four.
export const RESOURCE_TYPES = [
  ["main_frame", "Pages"],
  ["stylesheet", "Style sheets"],
  ["script", "Scripts"],
  ["xmlhttprequest", "Fetch and XMLHttpRequest"],
  ["sub_frame", "Frames"],
  ["image", "Images"],
];

const DEFAULTS = {
  on: false,
  header: "MYAPPKEY",
  key: "",
  origins: [],
  types: ["main_frame", "stylesheet", "script", "xmlhttprequest"],
};

export function loadSettings() {
  return chrome.storage.local.get(DEFAULTS);
}

export function saveSettings(changes) {
  return chrome.storage.local.set(changes);
}

// The server compares one plain header, so what it would refuse is refused here: an underscore is
// a hyphen to some proxies, and a comma makes two values of one.
export function headerProblem(header) {
  if (header === "") return "Write the name of the header.";
  if (!/^[A-Za-z0-9-]+$/.test(header)) return "Use letters, digits and hyphens only.";
  return "";
}

export function keyProblem(key) {
  if (key === "") return "Write the secret key.";
  if (!/^[\x21-\x7e]+$/.test(key) || key.includes(",")) {
    return "A key has no spaces, no commas, and only plain ASCII characters.";
  }
  if (key.length < 16) return `A key has at least 16 characters; this one has ${key.length}.`;
  if (key.length > 256) return "A key has at most 256 characters.";
  return "";
}

// One origin a line. Answers {origins, problem}; the origins are normalised and without doubles.
export function parseOrigins(text) {
  const origins = new Set();
  for (const line of text.split("\n").map((part) => part.trim()).filter(Boolean)) {
    const origin = parseOrigin(line);
    if (!origin) {
      return { origins: [], problem: `“${line}” is not an origin such as https://localhost:8443.` };
    }
    if (!origin.startsWith("https://")) {
      return { origins: [], problem: `“${line}” is not HTTPS: anybody on the way could read the key.` };
    }
    origins.add(origin);
  }
  return { origins: [...origins], problem: origins.size ? "" : "Write at least one origin." };
}

// A name or an address: URLs allow characters in hosts, the asterisk among them, that would mean
// something else in a rule.
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

function parseOrigin(line) {
  try {
    const url = new URL(line);
    const bare = url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
    return bare && HOST.test(url.hostname) ? url.origin : null;
  } catch {
    return null;
  }
}

export function isComplete(settings) {
  return !headerProblem(settings.header) && !keyProblem(settings.key) &&
    settings.origins.length > 0 && settings.types.length > 0;
}

// A match pattern has no port; the rules do.
export function hostPatterns(origins) {
  return [...new Set(origins.map((origin) => `https://${new URL(origin).hostname}/*`))];
}
