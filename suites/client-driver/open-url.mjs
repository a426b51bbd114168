#!/usr/bin/env node
// The system's browser of a workstation under test: hands the address to the bench, which opens it in its own.
const address = process.env['HOSPICERT_OPEN_TO']
if (address) await fetch(address, { method: 'POST', body: process.argv[2] ?? '' })
