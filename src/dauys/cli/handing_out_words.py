"""What a folder of evidence tells whoever opens it, in three languages; `{moment}`, `{order}`, `{count}`, `{index}`, `{origin}`."""

from __future__ import annotations

README = {
    "kk": """Электрондық қолдардың дәлелдері

Журнал: {origin}. Берілген уақыты: {moment} (UTC). Әрекеттер саны: {count}.
Негізі: SHA-256 хэші {order} болатын акт. Осы дәлелдердің берілгені журналдың {index}-жазбасында тұр, онда ешкімнің аты жоқ.

Әр `entry-…` қалтасында бір әрекет:
  statement.txt         адам қол қойған мәтін, байтына дейін дәл (XML түрінде қойылса, statement.xml)
  signature.p7s         қолтаңба (CMS, DER); .xml немесе .bin — басқа түрлері; жоқ болса, қол кілтсіз қойылған
  certificate.cer       қол қоюшының сертификаты (DER)
  verdict.json          қолдың қабылданған сәттегі тексерісі, кезең-кезеңімен, адамның аты мен ЖСН-імен
  entry.json            журналдағы ашық жазба; receipt.tlog-proof — оның журналда тұрғанының дәлелі
  envelope.bin, facts.json  жазбадағы міндеттемемен салыстыруға арналған хатқалта, тұз және уақыт

Тексеру: dauys verify signature.p7s --content statement.txt --at (facts.json: received); dauys receipt verify receipt.tlog-proof.
Dauys болмаса: openssl cms -verify -binary -inform DER -in signature.p7s -content statement.txt -noverify (RSA қолдары үшін).
Жазбадағы commitment = base64url(SHA-256("dauys/envelope-commitment/v1\\n" ‖ тұз ‖ SHA-256(envelope.bin))).

Бұл файлдарда жеке деректер бар: оларды тек құқығы барлар көре алады, іс аяқталған соң жойыңыз.
""",
    "ru": """Доказательства электронных подписей

Журнал: {origin}. Выдано: {moment} (UTC). Действий: {count}.
Основание: акт, SHA-256 которого {order}. О выдаче говорит запись журнала {index}; имён в ней нет.

В каждой папке `entry-…` одно действие:
  statement.txt         текст, который подписал человек, до байта (если подписан XML, то statement.xml)
  signature.p7s         подпись (CMS, DER); .xml или .bin — другие виды; если файла нет, подпись поставлена без ключа
  certificate.cer       сертификат подписавшего (DER)
  verdict.json          проверка подписи на момент приёма, по шагам, с именем и ИИН
  entry.json            публичная запись журнала; receipt.tlog-proof — доказательство, что она в нём стоит
  envelope.bin, facts.json  конверт, соль и время: чтобы сравнить с обязательством в записи

Проверить: dauys verify signature.p7s --content statement.txt --at (facts.json: received); dauys receipt verify receipt.tlog-proof.
Без Dauys: openssl cms -verify -binary -inform DER -in signature.p7s -content statement.txt -noverify (для подписей RSA).
commitment в записи = base64url(SHA-256("dauys/envelope-commitment/v1\\n" ‖ соль ‖ SHA-256(envelope.bin))).

В этих файлах персональные данные: их видят только те, кто вправе; после дела уничтожьте их.
""",
    "en": """Evidence of electronic signatures

Log: {origin}. Handed out: {moment} (UTC). Acts: {count}.
By the order whose SHA-256 is {order}. Entry {index} of the log says that this was handed out; it names nobody.

Each folder `entry-…` holds one act:
  statement.txt         the text that the person signed, to the byte (as XML where XML was signed: statement.xml)
  signature.p7s         the signature (CMS, DER); .xml or .bin for other forms; none where no key was used
  certificate.cer       the signer's certificate (DER)
  verdict.json          the signature's verification as of its receipt, stage by stage, with name and personal number
  entry.json            the public entry of the log; receipt.tlog-proof proves that it stands there
  envelope.bin, facts.json  envelope, salt and time, to compare with the commitment in the entry

To check: dauys verify signature.p7s --content statement.txt --at (facts.json: received); dauys receipt verify receipt.tlog-proof.
Without Dauys: openssl cms -verify -binary -inform DER -in signature.p7s -content statement.txt -noverify (RSA signatures).
The entry's commitment = base64url(SHA-256("dauys/envelope-commitment/v1\\n" ‖ salt ‖ SHA-256(envelope.bin))).

These files hold personal data: only those with a right to them may see them; destroy them after the case.
""",
}
