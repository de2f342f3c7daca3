// Shows the moment of the slider while it moves: asks for the same page as the form does and puts its answer in place.
const form = document.querySelector('form[data-slider]');
const delay = 120;
let waiting;
let asked;

async function show() {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value !== '') address.searchParams.set(name, String(value));
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const id of ['moment', 'history-events']) {
      const [now, then] = [document.getElementById(id), page.getElementById(id)];
      if (now && then) now.replaceWith(then);
    }
    history.replaceState(null, '', address);
  } catch (error) {
    if (error.name !== 'AbortError') form.submit();
  }
}

form?.addEventListener('input', (event) => {
  if (event.target.type !== 'range') return;
  clearTimeout(waiting);
  waiting = setTimeout(show, delay);
});
