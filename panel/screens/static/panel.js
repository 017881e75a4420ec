/* Saves steps; every page works without this file. Words come from the page, never from here. */
const $$ = (q, el = document) => [...el.querySelectorAll(q)];
const $ = id => document.getElementById(id);
const listen = (type, fn, capture) => document.addEventListener(type, fn, capture);
const on = (type, q, fn) => listen(type, e => { const el = e.target.closest?.(q); if (el) fn(el, e); });
const voice = $('say');
const say = text => { if (voice) voice.textContent = text; };
const root = document.documentElement;
const chord = e => e.ctrlKey || e.metaKey || e.altKey;

/* Menus are <details>: one open at a time, closed by Escape or a click elsewhere. */
const shut = keep => $$('.menu[open]').forEach(m => { if (m !== keep) m.open = false; });
listen('click', e => shut(e.target.closest('.menu')));
listen('keydown', e => {
  const menu = e.key === 'Escape' && e.target.closest('.menu[open]');
  if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
});

/* Dialogs: the link behind [data-dialog] is the same question as a page of its own. */
on('click', '[data-dialog]', (el, e) => {
  const box = $(el.dataset.dialog);
  if (!box?.showModal || e.button || chord(e) || e.shiftKey) return;
  e.preventDefault();
  if (el.dataset.id) box.querySelector('[name=id]').value = el.dataset.id;
  $$('[data-name]', box).forEach(slot => { slot.textContent = el.dataset.name; });
  shut();
  const back = el.closest('details.menu')?.querySelector('summary') ?? el; // what opened it may be hidden by now
  box.addEventListener('close', () => back.focus(), { once: true });
  box.showModal();
});
on('click', '[data-close]', el => leave(el.closest('dialog')));

/* Closed buttons say why; a password can be shown; a common reason fills the box. */
on('click', '[aria-disabled="true"]', (el, e) => {
  e.preventDefault();
  say($(el.getAttribute('aria-describedby'))?.textContent.trim() ?? '');
});
on('click', '[data-show]', el => {
  const field = $(el.dataset.show), open = field.type === 'password';
  field.type = open ? 'text' : 'password';
  el.setAttribute('aria-pressed', open);
});
on('change', '[data-fill]', el => { if (el.value) $(el.dataset.fill).value = el.value; });

/* Forms: one submit each, unsaved work is asked about, the summary of errors takes the focus. */
const dirty = new Set();
const touch = el => { const form = el.closest('form[data-guard]'); if (form) dirty.add(form); };
on('input', 'form[data-guard]', touch);
addEventListener('beforeunload', e => { if (dirty.size) e.preventDefault(); });
listen('submit', e => {
  if (e.target.method === 'dialog' || e.defaultPrevented) return;
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  if (e.target.matches('[data-guard]')) dirty.clear();
  if (e.target.method === 'post') e.target.dataset.sent = '1';
});
addEventListener('pageshow', () => $$('form[data-sent]').forEach(f => delete f.dataset.sent));
document.querySelector('.errors')?.focus();
const leave = box => {
  const form = box.querySelector('form[data-guard]');
  if (form && dirty.has(form) && !confirm(box.dataset.leave)) return;
  dirty.delete(form);
  box.close();
};

/* Ctrl+Enter and Ctrl+S save the form that is open, the one in a dialog before the one behind it. */
listen('keydown', e => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey || !['Enter', 's'].includes(e.key)) return;
  const open = $$('dialog[open]').pop();
  const form = open ? open.querySelector('form[data-guard]') : e.target.closest('form[data-guard]') ?? document.querySelector('form[data-guard]');
  const save = form?.querySelector('.savebar .go');
  if (!save) return;
  e.preventDefault();
  document.activeElement?.dispatchEvent(new FocusEvent('blur'));
  form.requestSubmit(save);
});

/* Paper: everything is opened, and closed again. */
$$('[data-print-page], [data-show]').forEach(el => { el.hidden = false; });
on('click', '[data-print-page]', () => print());
const opened = [];
addEventListener('beforeprint', () => $$('details[data-print]:not([open])').forEach(d => { d.open = true; opened.push(d); }));
addEventListener('afterprint', () => opened.splice(0).forEach(d => { d.open = false; }));

/* A date in words beside its field: the browser's own order of day and month may be another one. */
const long = new Intl.DateTimeFormat(root.lang, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
on('input', 'input[type=date]', el => {
  const words = document.querySelector(`[data-words="${el.id}"]`);
  if (words) words.textContent = el.valueAsDate ? long.format(el.valueAsDate) : '';
});

/* Search: Ctrl+K always; "/" unless the person switched single keys off. */
listen('keydown', e => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName);
  if ((e.key === 'k' && (e.ctrlKey || e.metaKey)) || (e.key === '/' && !typing && !chord(e) && root.dataset.keys !== 'off')) {
    const box = $('find');
    if (box?.offsetParent) { e.preventDefault(); box.focus(); }
  }
});

/* Lists: pick rows, pick a range with Shift, j/k/x/Enter while the list has focus. */
const bulk = document.querySelector('.bulk');
const count = () => {
  if (!bulk) return;
  const picks = $$('.pick[name]'), n = picks.filter(p => p.checked).length;
  const words = bulk.querySelector('[data-counted]');
  bulk.hidden = !n;
  bulk.querySelector('[data-clear]').hidden = false;
  const steps = picks.filter(p => p.checked && p.dataset.steps !== undefined).flatMap(p => p.dataset.steps.split(' '));
  if (picks.some(p => p.dataset.steps !== undefined)) $$('.bulk [name="step"]').forEach(b => { b.hidden = !steps.includes(b.value); });
  words.textContent = words.dataset.counted.replace('{n}', n);
  const all = document.querySelector('.pick[data-all]');
  all.checked = n === picks.length;
  all.indeterminate = n > 0 && n < picks.length;
};
let last;
on('click', '.pick', (el, e) => {
  const all = $$('.pick[name]');
  if (!el.name) all.forEach(p => { p.checked = el.checked; });
  else if (e.shiftKey && last) {
    const [a, b] = [all.indexOf(last), all.indexOf(el)].sort((x, y) => x - y);
    all.slice(a, b + 1).forEach(p => { p.checked = el.checked; });
  }
  last = el.name ? el : null;
  count();
});
on('click', '[data-clear]', () => { $$('.pick:checked').forEach(p => { p.checked = false; }); count(); });
on('keydown', '.t.list tbody tr', (tr, e) => {
  if (chord(e) || root.dataset.keys === 'off') return;
  const step = { j: 'nextElementSibling', k: 'previousElementSibling' }[e.key];
  if (step) tr[step]?.querySelector('th a')?.focus();
  if (e.key === 'x') tr.querySelector('.pick')?.click();
  if (e.key === 'b') document.querySelector('.bulk:not([hidden]) button:not([hidden], [data-clear])')?.focus();
});
addEventListener('pageshow', count);

/* Filters: what is found by typing is asked for at once. */
on('change', '.asks select[data-combo]', el => { if (el.value) el.form.requestSubmit(); });

/* Filters: how many records each choice would leave is asked for when they are opened first. */
listen('toggle', async e => {
  const asks = e.target.open && e.target.querySelector(':scope > [data-counts]'), url = asks && asks.dataset.counts;
  if (!url) return;
  delete asks.dataset.counts;
  const answer = await fetch(url, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok) return;
  const { counts, said } = await answer.json(), known = Object.fromEntries(counts);
  for (const el of $$('[data-counted-as]', asks)) {
    const by = known[el.dataset.countedAs];
    if (!by) continue;
    for (const slot of $$('[data-value]', el)) slot.textContent = by[slot.dataset.value] ?? 0;
    for (const o of el.options ?? []) if (o.value) o.text += ` (${by[o.value] ?? 0})`;
  }
  const line = asks.querySelector('[data-said]');
  line.textContent = said;
  line.hidden = !said;
}, true);

/* Bulk change: who fills in a field means to change it. */
on('change', '[data-ticks]', el => { $(el.dataset.ticks).checked = true; });

/* Decisions: a key leads to a button of the panel, Enter presses it; only while the panel has focus. */
on('keydown', '[data-keyed]', (panel, e) => {
  if (chord(e) || root.dataset.keys === 'off' || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  const step = /^[1-9]$/.test(e.key) && $$('button[formaction]', panel)[e.key - 1];
  const goal = step || (e.key === 'r' && panel.querySelector('[name=reason]'));
  if (goal) { e.preventDefault(); goal.focus(); }
  if (e.key === 'n') document.querySelector('a[data-next]')?.click();
});
document.querySelector('[data-focus]')?.focus({ preventScroll: true });

/* Choices that depend on other fields: what does not belong to their values is put away. */
// by name alone: the input that searches has the id of the select that it stands for
const named = (form, name) => [...form?.elements ?? []].find(field => field.name === name);
const sibling = (el, name) => named(el.form, el.name.replace(/[^-]+$/, name)) ?? named(el.form, name);
const above = sel => (sel.dataset.dependsOn ?? '').split(' ').filter(Boolean).map(name => sibling(sel, name)?.value).filter(v => v && v !== '__None');
const narrowed = sel => above(sel).length > 0;
const narrow = sel => {
  const values = above(sel);
  for (const o of sel.options) o.hidden = o.disabled = o.dataset.of !== undefined && values.some(v => !o.dataset.of.split(' ').includes(v));
  if (sel.selectedOptions[0]?.disabled) { sel.value = ''; sel.dispatchEvent(new Event('change', { bubbles: true })); }
};
const depending = el => $$('select[data-depends-on]', el);
on('change', 'select, input', el => depending(el.form ?? document).filter(sel => sel !== el).forEach(narrow));

/* Combobox: turns <select data-combo> into a field that searches. Pattern: ARIA, list autocomplete.
   With data-lookup the server is asked as well; what it answers becomes an option of the select and
   stands first, also where it is spelt otherwise than it was typed; data-lookup-with names another
   field of the form whose value is sent along. */
const blank = o => !o.value || o.value === '__None';
const combo = sel => {
  const box = document.createElement('div'), inp = document.createElement('input'), ul = document.createElement('ul');
  const id = sel.id, url = sel.dataset.lookup;
  let at = -1, hits = [], asked = 0, answered = [], wait;
  box.className = 'combo'; inp.className = 'in'; ul.id = `${id}-l`; ul.hidden = true; inp.autocomplete = 'off'; inp.placeholder = sel.dataset.hint ?? '';
  const set = (el, o) => Object.entries(o).forEach(([k, v]) => el.setAttribute(k, v));
  set(inp, { role: 'combobox', 'aria-expanded': 'false', 'aria-controls': ul.id, 'aria-autocomplete': 'list' });
  set(ul, { role: 'listbox', 'aria-label': sel.labels[0]?.textContent.trim() ?? '' });
  for (const name of ['aria-describedby', 'aria-invalid']) if (sel.hasAttribute(name)) inp.setAttribute(name, sel.getAttribute(name));
  const picked = () => sel.selectedOptions[0];
  const text = () => { inp.value = picked() && !blank(picked()) ? picked().text : ''; };
  const close = () => { ul.hidden = true; at = -1; inp.setAttribute('aria-expanded', 'false'); inp.removeAttribute('aria-activedescendant'); };
  const take = o => { sel.value = o.value; text(); close(); sel.dispatchEvent(new Event('input', { bubbles: true })); sel.dispatchEvent(new Event('change', { bubbles: true })); };
  const words = () => inp.value.toLowerCase().split(/\s+/).filter(Boolean);
  const draw = list => {
    const open = [...sel.options].filter(o => !blank(o) && !o.disabled);
    const told = list.length ? answered.flatMap(value => open.find(o => o.value === value) ?? []) : [];
    hits = [...new Set([...told, ...open.filter(o => list.every(w => o.text.toLowerCase().includes(w)))])].slice(0, 30);
    ul.replaceChildren(...hits.map((o, i) => {
      const li = document.createElement('li');
      set(li, { role: 'option', id: `${id}-${i}`, 'aria-selected': i === at });
      li.textContent = o.text;
      li.onpointerdown = e => { e.preventDefault(); take(o); };
      return li;
    }));
    ul.hidden = !hits.length;
    inp.setAttribute('aria-expanded', String(!!hits.length));
    if (at >= 0) { inp.setAttribute('aria-activedescendant', `${id}-${at}`); ul.children[at].scrollIntoView({ block: 'nearest' }); }
    say(hits.length ? voice.dataset.hits.replace('{n}', hits.length) : voice.dataset.none);
  };
  const ask = async () => {
    const mine = ++asked;
    const other = sel.form?.elements[sel.dataset.lookupWith];
    const answer = await fetch(`${url}${other ? `&${other.name}=${encodeURIComponent(other.value)}` : ''}&query=${encodeURIComponent(inp.value)}`, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const known = new Set([...sel.options].map(o => o.value));
    const found = await answer.json();
    if (mine !== asked) return;
    for (const [value, name] of found) if (!known.has(String(value))) sel.add(new Option(name, value));
    answered = found.map(([value]) => String(value));
    if (document.activeElement === inp) draw(words());
  };
  inp.oninput = () => { at = -1; answered = []; asked++; draw(words()); if (url && !narrowed(sel)) { clearTimeout(wait); wait = setTimeout(ask, 200); } };
  inp.onkeydown = e => {
    const d = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (d) { e.preventDefault(); if (ul.hidden) draw([]); else { at = (at + d + hits.length) % hits.length; draw(inp.value === picked()?.text ? [] : words()); } }
    else if (e.key === 'Enter' && !chord(e)) { e.preventDefault(); if (at >= 0) take(hits[at]); }
    else if (e.key === 'Escape' && !ul.hidden) { e.preventDefault(); close(); text(); }
  };
  inp.onblur = () => {
    const none = [...sel.options].find(blank);
    if (!inp.value.trim() && none && picked() !== none) take(none);
    close(); text();
  };
  sel.addEventListener('change', () => { if (document.activeElement !== inp) text(); });
  sel.before(box); box.append(inp, ul); sel.hidden = true; sel.id = `${id}-v`; inp.id = id; text();
};
const combos = el => $$('select[data-combo]', el).forEach(combo);
combos(document);
depending(document).forEach(narrow);

/* Repeated parts: the next free number goes into every name and id of the copy. */
on('click', '[data-add]', (el, e) => {
  const list = el.closest('[data-entries]'), name = list.id;
  const used = $$('.entry', list).map(p => Number(p.id.slice(name.length + 1)) + 1);
  const stem = `${name}-${Math.max(0, Number(list.dataset.next) || 0, ...used)}`;
  const number = stem.slice(name.length + 1);
  list.dataset.next = Number(number) + 1;
  const part = list.querySelector('template').content.cloneNode(true).firstElementChild;
  const prefix = value => value ? `${stem}-${value}` : stem;
  part.id = stem;
  $$('[name], [id], [for]', part).forEach(f => {
    if (f.hasAttribute('name')) f.setAttribute('name', [el.value, number, f.getAttribute('name')].filter(Boolean).join('-')); // ids in a dialog are others
    if (f.id) f.id = prefix(f.id);
    if (f.htmlFor) f.htmlFor = prefix(f.htmlFor);
  });
  for (const attr of ['aria-describedby', 'aria-labelledby', 'data-words']) {
    $$(`[${attr}]`, part).forEach(f => f.setAttribute(attr, f.getAttribute(attr).split(' ').map(prefix).join(' ')));
  }
  e.preventDefault();
  el.before(part);
  combos(part);
  depending(part).forEach(narrow);
  touch(el);
  part.querySelector('input:not([type=hidden]), select, textarea')?.focus();
});
on('click', '[data-remove]', (el, e) => {
  e.preventDefault();
  const list = el.closest('[data-entries]');
  el.closest('.entry').remove();
  touch(list);
  list.querySelector('[data-add]').focus();
});

/* On leaving a box the server says how its text is read; errors too, and the form stays usable. */
const part = (tag, cls, text = '') => Object.assign(document.createElement(tag), { className: cls, textContent: text });
const sign = name => {
  const known = document.querySelector('svg.i use')?.cloneNode(), svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  if (!known) return '';
  known.setAttribute('href', known.getAttribute('href').replace(/#.*/, `#${name}`));
  svg.setAttribute('class', 'i'); svg.setAttribute('aria-hidden', 'true'); svg.append(known);
  return svg;
};
const describe = (el, id, yes) => {
  const ids = new Set((el.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (yes) ids.add(id); else ids.delete(id);
  if (ids.size) el.setAttribute('aria-describedby', [...ids].join(' ')); else el.removeAttribute('aria-describedby');
};
const told = (el, answer) => {
  const id = `${el.id}-r`, lines = [answer.said, ...answer.doubts, answer.error].filter(Boolean);
  $(id)?.remove();
  describe(el, id, lines.length);
  if (!lines.length) return;
  const box = part('div', 'read');
  box.id = id;
  for (const text of lines) {
    const line = part('p', text === answer.said ? 'help' : text === answer.error ? 'err' : 'doubt');
    line.append(text === answer.said ? '' : sign('alert'), part('span', '', text));
    box.append(line);
  }
  el.after(box);
  say(lines.join(' '));
};
/* What moves the page waits until a pressed button is let go: a button that moves away loses its click. */
let letGo = Promise.resolve();
listen('pointerdown', () => {
  letGo = new Promise(done => ['pointerup', 'pointercancel'].forEach(end => addEventListener(end, () => setTimeout(done), { once: true })));
}, true);
on('change', '[data-read]', async el => {
  const text = el.value, form = el.form, sent = new FormData();
  const mine = el.dataset.asked = String(Number(el.dataset.asked ?? 0) + 1);
  if (!text.trim()) { told(el, { said: '', doubts: [], error: '' }); return; }
  sent.set('csrf_token', form.elements.csrf_token?.value ?? '');
  sent.set('field', el.name);
  const other = el.dataset.beside && sibling(el, el.dataset.beside);
  if (other) sent.set(other.name, other.value);
  sent.set(el.name, text);
  const answer = await fetch(el.dataset.read, { method: 'POST', body: sent, headers: { Accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok) return;
  const read = await answer.json();
  await letGo;
  if (mine === el.dataset.asked && el.value === text) told(el, read);
});

/* A missing choice is made in a dialog that holds its own form; what was typed behind it stays. */
const dressed = (page, stem) => {
  const of = v => v.split(' ').map(one => stem + one).join(' ');
  $$('[id]', page).forEach(el => { el.id = stem + el.id; });
  $$('[for]', page).forEach(el => { el.htmlFor = stem + el.htmlFor; });
  for (const name of ['aria-describedby', 'aria-labelledby', 'data-words']) $$(`[${name}]`, page).forEach(el => el.setAttribute(name, of(el.getAttribute(name))));
  $$('a[href^="#"]', page).forEach(a => a.setAttribute('href', `#${stem}${a.getAttribute('href').slice(1)}`));
  return page;
};
const chosen = (sel, { value, text }, name) => {
  const opts = sel.querySelector?.('.opts');
  if (opts) {
    const label = part('label', ''), tick = Object.assign(document.createElement('input'), { type: 'checkbox', name, value, checked: true });
    label.append(tick, text);
    opts.append(label);
    return tick;
  }
  if (![...sel.options].some(o => o.value === value)) sel.add(new Option(text, value));
  if (sel.multiple) [...sel.options].find(o => o.value === value).selected = true; else sel.value = value;
  sel.dispatchEvent(new Event('change', { bubbles: true }));
  return sel.hidden ? $(sel.id.replace(/-v$/, '')) : sel;
};
on('click', '[data-make]', async (el, e) => {
  if (e.button || chord(e) || e.shiftKey || !HTMLDialogElement.prototype.showModal) return;
  e.preventDefault();
  if (el.dataset.busy) return;
  el.dataset.busy = '1';
  const field = el.closest('.f'), sel = field.querySelector('select') ?? field;
  const box = part('dialog', 'make-box'), url = new URL(el.href), stem = 'new-';
  url.searchParams.set('part', '1');
  for (const name of (sel.dataset?.dependsOn ?? '').split(' ').filter(Boolean)) if (sibling(sel, name)?.value) url.searchParams.set(name, sibling(sel, name).value);
  const shown = async answer => {
    const page = answer && (answer.headers.get('Content-Type') ?? '').startsWith('text/html') ? new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-part]') : null;
    if (page) {
      const head = part('h2', '', page.dataset.part);
      head.id = `${stem}title`;
      box.replaceChildren(head, dressed(document.importNode(page, true), stem));
      combos(box);
      depending(box).forEach(narrow);
    } else {
      const link = Object.assign(part('a', '', el.dataset.failed), { href: el.href, target: '_blank', rel: 'noopener' });
      const shut = Object.assign(part('button', 'btn', el.dataset.shut), { type: 'button' });
      const line = part('p', 'err');
      shut.dataset.close = '';
      line.append(sign('alert'), link);
      box.querySelector('.err.failed')?.remove();
      line.classList.add('failed');
      if (box.querySelector('form')) box.prepend(line); else box.replaceChildren(line, shut);
    }
    (box.querySelector('.failed a') ?? box.querySelector('.errors') ?? box.querySelector('.fields :is(input, select, textarea):not([type=hidden], [hidden])'))?.focus();
  };
  box.setAttribute('aria-labelledby', `${stem}title`);
  box.dataset.leave = el.dataset.leave;
  let back = el;
  box.addEventListener('cancel', ev => { ev.preventDefault(); leave(box); });
  box.addEventListener('close', () => { dirty.delete(box.querySelector('form')); box.remove(); delete el.dataset.busy; back.focus(); });
  box.addEventListener('submit', async ev => {
    ev.preventDefault();
    ev.stopPropagation();
    const form = ev.target;
    if (form.dataset.sent) return;
    form.dataset.sent = '1';
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form, ev.submitter), headers: { Accept: 'text/html, application/json;q=0.9' } }).catch(() => null);
    delete form.dataset.sent;
    if (!answer?.ok || !(answer.headers.get('Content-Type') ?? '').startsWith('application/json')) { await shown(answer); return; }
    const made = await answer.json();
    touch(el);
    back = chosen(sel, made, el.dataset.field);
    box.close();
    say(made.said);
  });
  const answer = await fetch(url, { headers: { Accept: 'text/html' } }).catch(() => null);
  document.body.append(box);
  await shown(answer?.ok ? answer : null);
  box.showModal();
  (box.querySelector('.failed a') ?? box.querySelector('.fields :is(input, select, textarea):not([type=hidden], [hidden])'))?.focus();
});
