// From the settings to the browser's rules. The filter begins with the whole origin, port and
// slash included, so https://localhost:8443/ matches neither another port nor a longer host name.

const PAGE = "main_frame";

export function rulesFor(settings) {
  if (!settings.on) return [];
  const action = {
    type: "modifyHeaders",
    requestHeaders: [{ header: settings.header, operation: "set", value: settings.key }],
  };
  const conditions = settings.origins.flatMap((origin) => conditionsFor(origin, settings.types));
  return conditions.map((condition, index) => ({ id: index + 1, priority: 1, action, condition }));
}

// A page that is opened by hand has no initiator, so only what pages load can be tied to one: what
// another site embeds from this origin does not carry the key.
function conditionsFor(origin, types) {
  const { hostname } = new URL(origin);
  const anchored = {
    urlFilter: `|${origin}/`,
    isUrlFilterCaseSensitive: true,
    requestDomains: [hostname],
  };
  const loaded = types.filter((type) => type !== PAGE);
  const conditions = [];
  if (types.includes(PAGE)) conditions.push({ ...anchored, resourceTypes: [PAGE] });
  if (loaded.length) {
    conditions.push({ ...anchored, resourceTypes: loaded, initiatorDomains: [hostname] });
  }
  return conditions;
}
