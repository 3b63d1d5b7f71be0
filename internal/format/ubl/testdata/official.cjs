// Runs the official rules (compiled to SEF) over documents and prints, line by line, the fatal rules that each breaks.
// node official.cjs RULES.sef.json DOCUMENT...
const fs = require('fs');
const path = require('path');
const saxon = require(path.resolve(__dirname, '../../../../node_modules/saxon-js'));
const [, , rules, list] = process.argv;
const compiled = JSON.parse(fs.readFileSync(rules, 'utf8')); // read once: it takes longer than a document
for (const file of fs.readFileSync(list, 'utf8').split('\n').filter(Boolean)) {
  let broken = [];
  try {
    const out = saxon.transform({ stylesheetInternal: compiled, sourceFileName: file, destination: 'serialized' }, 'sync').principalResult;
    for (const m of out.matchAll(/<svrl:failed-assert[^>]*?>/g)) {
      const id = / id="([^"]*)"/.exec(m[0]);
      const flag = / flag="([^"]*)"/.exec(m[0]);
      if (flag && flag[1] === 'fatal') broken.push(id ? id[1] : '?');
    }
  } catch (e) {
    broken = ['error: ' + String(e.message).replace(/\s+/g, ' ')];
  }
  console.log(path.basename(file) + '\t' + broken.join(' '));
}
