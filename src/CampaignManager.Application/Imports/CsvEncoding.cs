using System.Text;

namespace CampaignManager.Application.Imports;

/// <summary>A file's text under one encoding.</summary>
/// <param name="Name">As a mapping names it.</param>
/// <param name="Words">Words of the file that the encodings read differently.</param>
public sealed record EncodingReading(string Name, IReadOnlyList<string> Words);

/// <summary>The encodings a file may come in, and which of them its bytes look like.</summary>
internal static class CsvEncoding
{
    private const int ShownWords = 3;
    private const int LongestWord = 40;

    // A few stray bytes spoil a few rows, not the file.
    private const double LeastFit = 0.4;

    private const double LeastLead = 0.05;

    /// <summary>What a person may choose, by the names that mappings use.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["utf-8", "utf-16", "utf-16BE", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"];

    /// <summary>Those that can be told from their bytes, the likelier first.</summary>
    private static readonly (string Name, Func<string, int, byte[], double> Fit)[] Guessed =
    [
        ("gb18030", ChineseFit), ("windows-1252", WesternFit), ("windows-1251", CyrillicFit), ("big5", TaiwaneseFit), ("shift_jis", JapaneseFit), ("euc-kr", KoreanFit),
    ];

    /// <summary>The encoding of this name; a byte that does not decode becomes U+FFFD.</summary>
    public static Encoding Get(string name) => name switch
    {
        "utf-8" => Encoding.UTF8,
        "utf-16" => Encoding.Unicode,
        "utf-16BE" => Encoding.BigEndianUnicode,
        // Left to themselves these write a question mark for what they cannot read, as if it had stood there.
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))
            ?? throw new ArgumentException($"The encoding '{name}' is not known.", nameof(name)),
    };

    /// <summary>What the bytes look like; null when they are no text.</summary>
    /// <param name="sample">The file's beginning; it may end inside a character.</param>
    /// <param name="guessed">Whether nothing but likelihood speaks for it.</param>
    public static Encoding? Of(byte[] sample, out bool guessed)
    {
        guessed = false;
        if (sample is [0xEF, 0xBB, 0xBF, ..])
            return Encoding.UTF8;
        if (sample is [0xFF, 0xFE, ..])
            return Encoding.Unicode;
        if (sample is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode;
        if (WideOf(sample) is { } wide)
            return wide;
        var (sound, broken) = CountUtf8(sample);
        // Text of another encoding hardly ever makes characters of UTF-8.
        if (broken == 0 || sound > broken)
            return Encoding.UTF8;
        guessed = true;
        var best = Guessed.Select(g => (g.Name, Fit: FitOf(g.Name, g.Fit, sample))).MaxBy(g => g.Fit);
        if (best.Fit >= LeastFit)
            return Get(best.Name == "gb18030" && IsKorean(sample) ? "euc-kr" : best.Name);
        guessed = false;
        return broken * 20 < sample.Length ? Encoding.UTF8 : null;
    }

    /// <summary>Two bytes a character without a mark that says so: one half of most of them is zero, the other never.</summary>
    private static Encoding? WideOf(byte[] sample)
    {
        var zeros = new int[2];
        for (var i = 0; i < sample.Length; i++)
            zeros[i & 1] += sample[i] == 0 ? 1 : 0;
        return Lead(zeros[1], zeros[0]) ? Encoding.Unicode : Lead(zeros[0], zeros[1]) ? Encoding.BigEndianUnicode : null;

        bool Lead(int many, int few) => many * 10 > sample.Length && few * 100 < many;
    }

    /// <summary>Whether another encoding makes nearly as likely a text of the bytes as the likeliest one: then only who knows the shop can say.</summary>
    public static bool IsUnsure(byte[] sample)
    {
        var fits = Guessed.Select(g => FitOf(g.Name, g.Fit, sample)).OrderDescending().Take(2).ToArray();
        return fits[0] - fits[1] < LeastLead;
    }

    /// <summary>The words that are not plain ASCII as some encodings read them: the found one, and those that come closest.</summary>
    public static IReadOnlyList<EncodingReading> Readings(byte[] sample, string found)
    {
        string[] names = [found, .. Guessed.OrderByDescending(g => FitOf(g.Name, g.Fit, sample)).Select(g => g.Name).Where(n => n != found).Take(3)];
        return [.. names.Select(name => new EncodingReading(name, Words(Get(name).GetString(sample))))];
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length && words.Count < ShownWords; i++)
        {
            if (text[i] < 0x80)
                continue;
            var (from, to) = (i, i);
            while (from > 0 && i - from < LongestWord / 2 && !IsEdge(text[from - 1]))
                from--;
            while (to < text.Length && to - from < LongestWord && !IsEdge(text[to]))
                to++;
            if (!words.Contains(text[from..to]))
                words.Add(text[from..to]);
            i = to;
        }

        return words;

        static bool IsEdge(char c) => c is ',' or ';' or '\t' or '|' or '"' or '\r' or '\n';
    }

    /// <summary>How many characters of several bytes are sound, and how many bytes belong to none.</summary>
    private static (int Sound, int Broken) CountUtf8(byte[] sample)
    {
        var (sound, broken) = (0, 0);
        for (var at = 0; at < sample.Length;)
        {
            if (sample[at] < 0x80)
            {
                at++;
                continue;
            }

            var status = Rune.DecodeFromUtf8(sample.AsSpan(at), out _, out var length);
            if (status == System.Buffers.OperationStatus.Done)
                sound++;
            else if (status != System.Buffers.OperationStatus.NeedMoreData)
                broken++;
            at += Math.Max(1, length);
        }

        return (sound, broken);
    }

    /// <summary>How likely the text is under an encoding: the mean over all characters that are not ASCII, 0 to 1.</summary>
    private static double FitOf(string name, Func<string, int, byte[], double> fit, byte[] sample)
    {
        var encoding = Get(name);
        var text = encoding.GetString(sample);
        var (sum, count) = (0.0, 0);
        var bytes = new byte[8];
        // The last character may be cut.
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] < 0x80)
                continue;
            count++;
            if (text[i] is '\uFFFD' or (>= '\u0080' and < '\u00A0') or (>= '\uE000' and <= '\uF8FF'))
            {
                sum -= 0.5;
                continue;
            }

            var length = char.IsSurrogate(text[i]) ? 0 : encoding.GetBytes(text.AsSpan(i, 1), bytes);
            sum += length == 0 ? 0 : fit(text, i, bytes[..length]);
        }

        return count == 0 ? 0 : sum / count;
    }

    // The common half of the characters stands first in each of these tables, so real text is nearly all of it and foreign bytes are not.
    private static double ChineseFit(string text, int at, byte[] bytes) => bytes switch
    {
        [>= 0xB0 and <= 0xD7, >= 0xA1] => 1,
        [>= 0xD8 and <= 0xF7, >= 0xA1] => 0.55,
        [>= 0xA1 and <= 0xA3, >= 0xA1] => 0.8,
        _ => 0.05,
    };

    private static double TaiwaneseFit(string text, int at, byte[] bytes) => bytes switch
    {
        [>= 0xA4 and <= 0xC6, _] => 0.98,
        [>= 0xC9 and <= 0xF9, _] => 0.2,
        [>= 0xA1 and <= 0xA3, _] => 0.7,
        _ => 0.05,
    };

    private static double JapaneseFit(string text, int at, byte[] bytes) => bytes switch
    {
        [0x82, >= 0x9F and <= 0xF1] or [0x83, <= 0x96] => 1,
        [>= 0x88 and <= 0x97, _] => 0.97,
        [(>= 0x98 and <= 0x9F) or (>= 0xE0 and <= 0xEA), _] => 0.25,
        [0x81 or 0x82, _] => 0.8,
        [>= 0xA1 and <= 0xDF] => 0.55,
        _ => 0.05,
    };

    /// <summary>Syllables of Hangul are common Chinese characters, too, but a third of those lies beyond them: of a dozen all are Hangul by no chance.</summary>
    private static bool IsKorean(byte[] sample)
    {
        var pairs = new HashSet<(byte, byte)>();
        for (var i = 0; i + 1 < sample.Length; i++)
        {
            if (sample[i] < 0x80)
                continue;
            if (sample[i] is >= 0xC9 and <= 0xF7)
                return false;
            if (sample[i] >= 0xB0)
                pairs.Add((sample[i], sample[i + 1]));
            i++;
        }

        return pairs.Count >= 12;
    }

    private static double KoreanFit(string text, int at, byte[] bytes) => bytes switch
    {
        [>= 0xB0 and <= 0xC8, >= 0xA1] => 0.99,
        [>= 0xA1 and <= 0xA3, >= 0xA1] => 0.7,
        _ => 0.05,
    };

    private static double WesternFit(string text, int at, byte[] bytes)
    {
        var c = text[at];
        if ("€£§°²³½«»“”‘’„–—…•™©®ºª¿¡±µ·\u00A0".Contains(c, StringComparison.Ordinal))
            return 0.7;
        if (!char.IsLetter(c))
            return 0;
        var (before, after) = (Letters(text, at, -1), Letters(text, at, 1));
        // An accent among plain letters; two together at most.
        if (before + after > 1)
            return 0;
        var plain = IsPlain(text, at - before - 1) || IsPlain(text, at + after + 1);
        return char.IsUpper(c) && at > 0 && char.IsLower(text[at - 1]) ? 0.1 : plain ? 1 : 0.4;
    }

    private static double CyrillicFit(string text, int at, byte[] bytes)
    {
        var c = text[at];
        if ("№«»“”„–—…’\u00A0".Contains(c, StringComparison.Ordinal))
            return 0.7;
        if (c is not ((>= 'А' and <= 'я') or 'ё' or 'Ё' or 'і' or 'І' or 'ї' or 'Ї' or 'є' or 'Є' or 'ґ' or 'Ґ' or 'ў' or 'Ў'))
            return 0;
        if (IsPlain(text, at - 1) || IsPlain(text, at + 1))
            return 0.05;
        if (char.IsUpper(c) && at > 0 && char.IsLower(text[at - 1]))
            return 0.05;
        // Capitals alone are common Chinese, too; Chinese is hardly ever capitals alone.
        return Letters(text, at, -1) + Letters(text, at, 1) > 0 ? 1.02 : 0.6;
    }

    /// <summary>Letters beyond ASCII that follow in a direction without a gap.</summary>
    private static int Letters(string text, int at, int step)
    {
        var count = 0;
        for (var i = at + step; i >= 0 && i < text.Length && text[i] >= 0x80 && char.IsLetter(text[i]) && count < 8; i += step)
            count++;
        return count;
    }

    private static bool IsPlain(string text, int at) => at >= 0 && at < text.Length && char.IsAsciiLetter(text[at]);
}
