// Passkeys: asks the browser to make or to show one, and sends its answer with the form around the button.
'use strict'

const form = document.querySelector('form[data-passkey]')
const refused = form.querySelector('[data-passkey=refused]')
const options = JSON.parse(document.getElementById('passkey-options').textContent)

async function ask () {
  refused.hidden = true
  try {
    const answer = form.dataset.passkey === 'create'
      ? await window.webauthnJSON.create(options.creation_options)
      : await window.webauthnJSON.get(options.request_options)
    form.elements.credential.value = JSON.stringify(answer)
    form.submit()
  } catch {
    refused.hidden = false // closed by the person, no passkey there, or not for this address
  }
}

if (window.webauthnJSON.supported()) {
  form.hidden = false
  form.addEventListener('submit', event => { event.preventDefault(); ask() }) // Enter in the name
  form.querySelector('button').addEventListener('click', ask)
} else {
  const none = document.querySelector('[data-passkey=none]')
  if (none) none.hidden = false
}
