/* The door: a code goes out, its answer comes in, the box is empty again. The camera reads codes by
   the browser's own reader where it has one, else the server reads the gray picture. */
const form = document.getElementById('door'), words = form.dataset, box = form.elements.code;
const answer = document.getElementById('answer'), view = document.getElementById('view'), button = document.getElementById('camera');
const token = form.elements.csrf_token.value, came = document.getElementById('came');
let busy = false, sound;

const note = text => {
  const p = Object.assign(document.createElement('p'), { textContent: text });
  const own = Object.assign(document.createElement('div'), { className: 'note stop answer' });
  own.append(p);
  answer.replaceChildren(own);
};
/* High for yes, low and long for no: heard without looking. */
const beep = good => {
  try {
    sound ??= new AudioContext();
    const tone = sound.createOscillator();
    tone.frequency.value = good ? 880 : 220;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + (good ? 0.12 : 0.45));
  } catch { /* silent */ }
};
const send = async code => {
  if (busy || !code.trim()) return;
  busy = true;
  try {
    const body = new URLSearchParams({ csrf_token: token, code, station: form.elements.station.value });
    const got = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' } });
    const told = got.headers.get('Content-Type')?.startsWith('application/json') ? await got.json() : {};
    if (told.html) { answer.innerHTML = told.html; beep(told.kind === 'in'); if (told.came) came.textContent = told.came; }
    else { note(told.sentence ?? (got.status === 401 || got.redirected ? words.out : words.lost)); beep(false); }
    box.value = '';
  } catch { note(words.lost); beep(false); }
  busy = false;
  box.focus();
};
form.addEventListener('submit', e => { e.preventDefault(); send(box.value); });

/* The camera: each code is sent once while it is held before it. */
const canvas = document.createElement('canvas'), EVERY = 300, AGAIN = 4000;
let stream = null, last = '', lastAt = 0;
const reader = async () => {
  if (!('BarcodeDetector' in globalThis)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  return known.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
};
const onServer = async () => {
  const w = Math.min(640, view.videoWidth), h = Math.round(view.videoHeight * w / view.videoWidth);
  canvas.width = w; canvas.height = h;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.drawImage(view, 0, 0, w, h);
  const { data } = pen.getImageData(0, 0, w, h), gray = new Uint8Array(w * h);
  for (let i = 0; i < gray.length; i++) gray[i] = (data[4 * i] * 77 + data[4 * i + 1] * 151 + data[4 * i + 2] * 28) >> 8;
  const got = await fetch(`${words.frame}?w=${w}&h=${h}`, { method: 'POST', body: gray, headers: { 'Content-Type': 'application/octet-stream', 'X-CSRFToken': token, Accept: 'application/json' } });
  return got.ok ? (await got.json()).text : '';
};
const look = async detector => {
  if (!stream) return;
  try {
    const text = busy || !view.videoWidth ? '' : detector ? (await detector.detect(view))[0]?.rawValue ?? '' : await onServer();
    if (text && stream && (text !== last || Date.now() - lastAt > AGAIN)) await send(text);
    if (text) { last = text; lastAt = Date.now(); }
  } catch { /* the next picture */ }
  setTimeout(look, EVERY, detector);
};
const label = button.querySelector('span'), off = label.textContent;
button.addEventListener('click', async () => {
  if (stream) {
    stream.getTracks().forEach(one => one.stop());
    stream = null;
  } else {
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } }); } catch { note(words.noCamera); return; }
    view.srcObject = stream;
    await view.play();
    look(await reader().catch(() => null));
  }
  view.hidden = !stream;
  label.textContent = stream ? label.dataset.on : off;
});
if (navigator.mediaDevices?.getUserMedia) button.hidden = false;
box.focus();
