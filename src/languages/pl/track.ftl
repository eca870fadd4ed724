# Draft: to be read by a person who speaks the language before it is used.

# The page on which a family sees where its case stands, and the letters about its link.
track-title = Na jakim etapie jest Twoja skarga
track-ask-title = Sprawdzenie, czy to Ty
track-ask-text = Zanim cokolwiek pokażemy, wyślemy kod z sześciu cyfr na adres lub czat, dla którego powstał ten odnośnik. Kod jest ważny 15 minut.
track-ask-button = Wyślij mi kod
track-ask-have = Mam już kod
track-figures-title = Wpisz kod
track-figures-text = Jeśli ten odnośnik jest ważny, kod jest w drodze na adres, dla którego powstał. Może to potrwać minutę. Kod wysyłamy najwyżej raz na minutę.
track-figures-label = Sześć cyfr
track-figures-button = Dalej
track-figures-again = Wyślij mi inny kod
track-figures-wrong = Ten kod jest niepoprawny albo stracił ważność. Sprawdź go lub poproś o inny
track-figures-help = Nie ma kodu? Może być w spamie. Możesz też zadzwonić: { $phone }.
track-how = Otwórz odnośnik z naszego listu
track-how-text = Aby zobaczyć, na jakim etapie jest Twoja skarga, otwórz odnośnik z e-maila lub wiadomości, w której potwierdziliśmy jej odbiór. Jeśli już go nie masz, zadzwoń: { $phone }, a wyślemy nowy.
track-out = Strona została zamknięta
track-out-text = Bez nowego kodu nikt jej tu nie zobaczy. Dla pewności zamknij też to okno. Nasz numer: { $phone }.
track-over = Ta strona zamknęła się sama

# Its parts.
track-now = Gdzie jest teraz
track-next = Co dalej
track-next-nothing = Teraz na nic nie musisz czekać.
track-who = Kto się tym zajmuje
track-changes = Co się zmieniło
track-why = Dlaczego: { $reasons }
track-answers = Co ustaliliśmy
track-point = Punkt { $number }
track-point-outcome = Co ustaliliśmy
track-point-reasons = Dlaczego
track-point-evidence = Na czym się opieramy
track-point-remedy = Co zrobimy dla Ciebie
track-point-learning = Co zmienimy dla innych
track-promises = Co obiecaliśmy
track-promise-done = Zrobione: { $date }
track-promise-due = Jeszcze nie. Termin: { $date }
track-promise-late = Jeszcze nie. Termin minął: { $date }
track-promise-open = Jeszcze nie
track-promise-undecided = Jeszcze nie powiedzieliśmy, co z tym zrobimy
track-promise-rejected = Tego nie zrobimy
track-promise-panel = Zaleciła to komisja
track-promise-ombudsman = Chce tego Rzecznik
track-letters = Co Ci wysłaliśmy
track-letters-none = Na razie nic.
track-letter-acknowledgement = Potwierdzenie odbioru
track-letter-answer = Nasza odpowiedź
track-letter-extension = Że odpowiedź potrwa dłużej
track-letter-next-stage = O następnym etapie
track-letter-route-decision = Jakiej procedurze to podlega
track-letter-refusal = Że nie możemy tego przyjąć, i dlaczego
track-letter-clock-stopped = Że sprawa musi poczekać
track-letter-clock-runs = Że sprawa toczy się dalej
track-letter-withdrawal = O wycofaniu
track-letter-closure = O zamknięciu sprawy
track-letter-track-link = Nowy odnośnik do tej strony
track-letter-status = Na jakim jest etapie
track-letter-other = List
track-letter-how-waiting = w drodze
track-letter-how-sent = wysłane
track-letter-how-arrived = doręczone
track-letter-how-failed = nie dotarło
track-messages = Co nam przysłano
track-messages-none = Na razie nic.
track-message-how-email = e-mailem
track-message-how-chat = na czacie
track-message-how-form = na naszej stronie
track-message-files = Pliki: { $names }
track-requests = O co poproszono na tej stronie
track-request-next-stage = Poproszono o następny etap: { $moment }. Ktoś z naszego zespołu to przeczyta i do Ciebie napisze.
track-request-withdraw = Poproszono o przerwanie: { $moment }. Ktoś z naszego zespołu to przeczyta i do Ciebie napisze.
track-request-contact = Powiedziano nam, jak się kontaktować: { $moment }. Ktoś z naszego zespołu się tym zajmie.

# What they can do.
track-do = Co możesz zrobić
track-do-add = Powiedz nam więcej lub wyślij pliki
track-do-next-stage = Poproś o etap { $stage }
track-do-withdraw = Przerwij tę skargę
track-do-contact = Powiedz, jak mamy się kontaktować
track-do-print = Aby mieć to na papierze, wydrukuj tę stronę.
track-do-out = Opuść tę stronę i wyloguj się
track-see-new = Sprawdź, czy jest coś nowego
track-is-new = Ta strona właśnie się zmieniła.
track-told = Mamy to
track-told-text = Mamy to, co przysłano. Należy do sprawy { $reference }. Ktoś to przeczyta.
track-add-text = Napisz, co chcesz dodać. Trafi to do osób, które zajmują się Twoją skargą. Przed wysłaniem nic nie jest zapisywane.
track-next-stage-text = Jeśli nie zgadzasz się z naszą odpowiedzią, możesz poprosić o etap { $stage }. Możesz napisać dlaczego, ale nie musisz.
track-withdraw-text = Jeśli przerwiesz tę skargę, nie będziemy jej dalej rozpatrywać. Możesz zmienić zdanie. Nie musisz mówić dlaczego.
track-contact-text = Powiedz nam, co będzie dla Ciebie łatwiejsze. Ktoś z naszego zespołu się tym zajmie.
track-words = Co chcesz nam powiedzieć
track-words-hint = Do { $most } znaków.
track-words-why = Dlaczego, jeśli chcesz powiedzieć
track-files = Pliki, najwyżej { $most }
track-files-hint = Zdjęcia, nagrania lub dokumenty. Każdy do { $mb } MB.
track-print = Jakie chcesz dostawać listy
track-print-normal = Takie jak teraz
track-print-large = Dużym drukiem
track-print-easy = Prostymi słowami
track-language = W jakim języku, jeśli nie po angielsku
track-other = Coś jeszcze, np. telefonicznie lub o jakich porach
track-send = Wyślij
track-send-next-stage = Poproś
track-send-withdraw = Przerwij tę skargę
track-send-back = Wróć bez wysyłania
track-fault-nothing = Napisz coś lub wybierz plik
track-fault-nothing-said = Wybierz lub napisz, czego chcesz
track-fault-long = Tekst może mieć najwyżej { $most } znaków
track-fault-many = Możesz wysłać naraz najwyżej { $most } plików
track-fault-large = „{ $name }” jest większy niż { $mb } MB. Wybierz mniejszy plik
track-fault-kind = „{ $name }” to rodzaj pliku, którego nie możemy przyjąć. Wybierz zdjęcie, nagranie lub dokument
track-fault-empty = „{ $name }” jest pusty. Wybierz inny plik

# Letters about the link. $figures and $url come in when the letter is sent.
track-mail-figures-subject = Twój kod dla { $council }
track-mail-figures =
    Twój kod to { $figures }

    Wpisz go na otwartej stronie. Jest ważny 15 minut.

    Jeśli nie prosisz o kod, ktoś inny może mieć Twój odnośnik. Bez tego kodu nic nie zobaczy. Nie podawaj go nikomu.

    { $council }
track-mail-link-subject = Twój odnośnik: { $reference }
track-mail-link =
    Oto Twój odnośnik, pod którym zobaczysz, na jakim etapie jest { $reference }:
    { $url }

    Poprzedni odnośnik już nie działa. Gdy otworzysz ten, najpierw wyślemy kod na ten adres.

    { $council }
track-mail-status-subject = Na jakim etapie jest { $reference }
track-mail-status = To odpowiedź na pytanie, na jakim etapie jest { $reference }. Tak sprawa wygląda dzisiaj.
track-mail-status-page =
    Możesz to zawsze zobaczyć na swojej stronie:
    { $url }
    Gdy ją otworzysz, najpierw wyślemy kod na ten adres.
track-mail-status-end = Tę wiadomość napisał komputer, w odpowiedzi na Twoje pytanie. Jeśli chcesz nam coś powiedzieć albo zapytać o coś innego, odpowiedz na nią. Czyta to człowiek.
