/* A grid of choices, each saved by itself; without this file it is a plain form. Words come from the
   page. What is not saved is kept on this device by account and sheet, statuses and numbers alone;
   remarks may hold names and stay with the tab. */
const $$ = (q, el = document) => [...el.querySelectorAll(q)];
const table = document.querySelector('table.att[data-save]');
const words = table.dataset, form = table.closest('form'), line = document.getElementById('saved');
const voice = document.getElementById('say');
const say = text => { if (voice) voice.textContent = text; };
const DAY = 24 * 60 * 60 * 1000;
let token = form.elements.csrf_token.value, busy = false, stopped = '', timer, quiet, tries = 0, savedAt = '';

/* Cells: key -> what is on the screen, and the number of what it rests on. */
const cells = new Map($$('select[data-cell]', table).map(pick => {
  const key = pick.dataset.cell, row = pick.closest('tr');
  return [key, { pick, note: row.querySelector(`[data-note="${key}"]`), seen: form.elements[`seen-${key}`], told: document.getElementById(`at-${key}`) }];
}));
const letter = pick => pick.selectedOptions[0]?.dataset.k ?? '';
const dress = cell => {
  cell.pick.dataset.v = letter(cell.pick);
  cell.note.placeholder = letter(cell.pick) === 'w' ? cell.note.dataset.by : cell.note.dataset.why;
  cell.note.classList.toggle('off', /^h?$/.test(letter(cell.pick)));
};
const tally = () => {
  const counts = {};
  for (const [key, { pick }] of cells) { const name = `${key.split('-')[1]} ${pick.value}`; counts[name] = (counts[name] ?? 0) + 1; }
  $$('[data-tally]').forEach(el => { el.textContent = counts[el.dataset.tally] ?? 0; });
};
const mark = (key, state, ...inside) => {
  const { told } = cells.get(key);
  told.dataset.s = state;
  told.replaceChildren(...inside);
};

/* The queue: a Map in the order of recording, and its copy on the device. */
const queue = new Map();
const read = store => { try { return JSON.parse(store.getItem(words.queue)) ?? {}; } catch { return {}; } };
const write = (store, what) => { try { if (Object.keys(what).length) store.setItem(words.queue, JSON.stringify(what)); else store.removeItem(words.queue); } catch { /* kept by this page alone */ } };
const keep = () => {
  const both = [{}, {}];
  for (const [key, it] of queue) { both[0][key] = [it.status, it.seen, it.at]; if (it.note) both[1][key] = it.note; }
  write(localStorage, both[0]); write(sessionStorage, both[1]);
};
const show = () => {
  line.replaceChildren();
  if (stopped === 'out') {
    const link = Object.assign(document.createElement('a'), { href: words.login, textContent: words.in });
    line.append(words.out, ' ', link);
  } else if (stopped) line.append(stopped === 'other' ? words.other.replace('{name}', words.name) : words.offline);
  else if (!queue.size && savedAt) line.append(words.all.replace('{time}', savedAt));
  if (queue.size) line.append(stopped ? ' ' : '', words.waiting.replace('{n}', queue.size));
  line.dataset.s = stopped || (queue.size ? 'busy' : 'ok');
};
const put = key => {
  const cell = cells.get(key);
  dress(cell);
  queue.delete(key);
  queue.set(key, { status: cell.pick.value, note: cell.note.value.trim(), seen: Number(cell.seen.value), at: Date.now() });
  mark(key, 'unsaved', words.unsaved);
  keep(); tally(); show(); send();
};

/* Sending: one after another; what fails for now waits, what is refused says why in its cell. */
const ask = (url, body) => fetch(url, { method: body ? 'POST' : 'GET', body, headers: { Accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(15000) }).catch(() => null);
const later = why => {
  if (stopped !== why) { stopped = why; show(); say(line.textContent); }
  clearTimeout(timer);
  if (why !== 'other') timer = setTimeout(again, Math.min(30000, 2000 * 2 ** tries++));
};
const json = async answer => { try { return await answer.json(); } catch { return {}; } };
const send = async () => {
  if (busy || stopped || !queue.size) return;
  busy = true;
  const [key, it] = queue.entries().next().value;
  const [participation, party] = key.split('-');
  const body = new URLSearchParams({ csrf_token: token, participation, party, status: it.status, note: it.note, seen: it.seen });
  const answer = await ask(words.save, body);
  const said = answer ? await json(answer) : {};
  busy = false;
  if (!answer || answer.status >= 500 || answer.status === 429) later('offline');
  else if (answer.status === 401 || (answer.status === 400 && !said.cell)) again();
  else settle(key, it, answer.ok, said);
};
const settle = (key, it, ok, said) => {
  const cell = cells.get(key), newer = queue.get(key) !== it;
  tries = 0;
  if (said.cell) cell.seen.value = said.cell.seen;
  if (ok) {
    savedAt = said.at;
    if (newer) queue.get(key).seen = said.cell.seen;
    else { queue.delete(key); mark(key, 'saved', words.saved); }
    clearTimeout(quiet);
    quiet = setTimeout(() => { if (!queue.size && !stopped) say(line.textContent); }, 1500); // heard once the typing rests
  } else {
    queue.delete(key);
    if (said.cell) theirs(key, it, said);
    else { mark(key, 'refused', said.sentence ?? ''); say(said.sentence ?? ''); }
  }
  keep(); tally(); show(); send();
};
/* Somebody else was here: the cell shows what stands there and by whom; one's own is a button away. */
const theirs = (key, it, said) => {
  const cell = cells.get(key), own = [...cell.pick.options].find(o => o.value === it.status)?.text ?? '';
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn tiny', textContent: words.mine });
  button.onclick = () => { cell.pick.value = it.status; cell.note.value = it.note; put(key); cell.pick.focus(); };
  stand(key, said.cell);
  mark(key, 'conflict', `${said.sentence} ${words.yours.replace('{status}', own)} `, button);
  say(cell.told.textContent);
};
const stand = (key, { status, note, seen }) => {
  const cell = cells.get(key);
  cell.pick.value = status; cell.note.value = note; cell.seen.value = seen;
  dress(cell);
};

/* Back again: who is signed in, with which token, and what others recorded meanwhile. */
const again = async () => {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  const answer = await ask(words.state);
  const state = answer?.ok ? await json(answer) : null;
  busy = false;
  if (!state?.token) { later(answer?.status === 401 ? 'out' : 'offline'); return; }
  if (String(state.account) !== words.account) { later('other'); return; }
  token = form.elements.csrf_token.value = state.token;
  stopped = ''; tries = 0;
  for (const [key, cell] of cells) {
    const now = state.cells[key] ?? { status: '', note: '', seen: 0 };
    if (queue.has(key) || Number(cell.seen.value) === now.seen || cell.note === document.activeElement) continue;
    stand(key, now); mark(key, '');
  }
  tally(); show(); send();
};
addEventListener('online', again);
document.addEventListener('visibilitychange', () => { if (!document.hidden) again(); });
addEventListener('pageshow', e => { if (e.persisted) again(); });

/* Keys: arrows move, Home and End in the row, a letter fills in, digits lead to a row. */
const chord = e => e.ctrlKey || e.metaKey || e.altKey;
const rows = $$('tbody tr', table), picks = tr => $$('select', tr);
const go = (tr, x) => { const all = tr ? picks(tr) : [], to = all[Math.min(x, all.length - 1)]; to?.focus(); return to; };
const onward = (tr, x) => { if (x + 1 < picks(tr).length) go(tr, x + 1); else go(tr.nextElementSibling, 0); };
const jump = text => { const tr = rows.find(r => r.dataset.no === String(Number(text))); if (tr) { go(tr, 0); tr.scrollIntoView({ block: 'center' }); } return tr; };
let digits = '', digitsAt = 0;
table.addEventListener('keydown', e => {
  const pick = e.target.closest('select[data-cell]');
  if (!pick) { inNote(e); return; }
  const tr = pick.closest('tr'), x = picks(tr).indexOf(pick), y = rows.indexOf(tr), last = rows.length - 1;
  const moves = { ArrowDown: [y + 1, x], Enter: [y + 1, x], ArrowUp: [y - 1, x], ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1], Home: e.ctrlKey ? [0, x] : [y, 0], End: e.ctrlKey ? [last, x] : [y, 9] };
  const to = moves[e.key];
  if (to && !e.altKey && !e.metaKey && (!e.ctrlKey || /^(Home|End)$/.test(e.key))) { e.preventDefault(); if (to[1] >= 0) go(rows[to[0]], to[1]); return; }
  if (chord(e) || (e.key.length > 1 && !/^(Delete|Backspace)$/.test(e.key)) || e.key === ' ') return;
  e.preventDefault();
  e.stopPropagation();
  if (/^\d$/.test(e.key)) {
    digits = Date.now() - digitsAt < 900 ? digits + e.key : e.key;
    digitsAt = Date.now();
    jump(digits);
    return;
  }
  const clear = e.key.length > 1, option = [...pick.options].find(o => (clear ? !o.value : o.dataset.k === e.key.toLowerCase()));
  if (!option) return;
  if (pick.value !== option.value) { pick.value = option.value; put(pick.dataset.cell); }
  if (option.dataset.k === 'w') cells.get(pick.dataset.cell).note.focus();
  else if (!clear) onward(tr, x);
});
const inNote = e => {
  const key = e.target.dataset?.note;
  if (!key || !/^(Enter|Escape)$/.test(e.key)) return;
  e.preventDefault();
  const { pick } = cells.get(key), tr = pick.closest('tr');
  if (e.key === 'Enter') onward(tr, picks(tr).indexOf(pick)); else pick.focus();
};
table.addEventListener('change', e => { const key = e.target.dataset.cell ?? e.target.dataset.note; if (key) put(key); });
table.addEventListener('focusin', e => {
  $$('.cur', table).forEach(tr => tr.classList.remove('cur'));
  e.target.closest('tr')?.classList.add('cur');
});
const box = document.querySelector('[data-jump]');
box.addEventListener('keydown', e => { if (e.key === 'Enter') { e.preventDefault(); if (jump(box.value)) box.value = ''; else box.select(); } });
form.addEventListener('submit', e => e.preventDefault());
document.addEventListener('submit', e => {
  if (queue.size && new URL(e.target.action, location).pathname.endsWith('/logout') && !confirm(words.leave)) { e.preventDefault(); e.stopPropagation(); }
}, true);

/* Begin: what an earlier visit could not send is shown as one's own and sent first. */
table.classList.add('live');
$$('[data-live]').forEach(el => { el.hidden = false; });
$$('[data-plain]').forEach(el => { el.hidden = true; });
const notes = read(sessionStorage);
for (const [key, [status, seen, at]] of Object.entries(read(localStorage))) {
  const cell = cells.get(key);
  if (!cell || Date.now() - at > DAY) continue;
  cell.pick.value = status;
  if (key in notes) cell.note.value = notes[key];
  dress(cell);
  queue.set(key, { status, note: cell.note.value.trim(), seen, at });
  mark(key, 'unsaved', words.unsaved);
}
cells.forEach(dress);
keep(); tally(); show(); send();
document.querySelector(`${/^#row-\d+$/.test(location.hash) ? location.hash : 'table.att tbody tr'} select`)?.focus({ preventScroll: !location.hash });
