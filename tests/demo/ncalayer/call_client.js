// Calls methods of the portal's vendored NCALayer client: [url, [[method, ...arguments], …]] on standard input gives
// [{"result"} or {"error", "cancelled"}, …] on standard output. A word like "$basicsStorageAll" is the client's constant.
const [file] = process.argv.slice(2);
const { NCALayerClient } = require(file);

const meant = (word) => (typeof word === "string" && word.startsWith("$") ? NCALayerClient[word.slice(1)] : word);

async function main() {
  const [url, calls] = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const client = new NCALayerClient(url, false);
  const answers = [];
  for (const [method, ...words] of calls) {
    try {
      answers.push({ result: await client[method](...words.map(meant)) });
    } catch (error) {
      answers.push({ error: error.message, cancelled: error.canceledByUser });
    }
  }
  console.log(JSON.stringify(answers));
  client.wsConnection.close();
}

main();
