namespace CampaignManager.Engine.Offers;

/// <summary>Names of fields that are not there, and the ones that may have been meant.</summary>
public static class FieldNames
{
    /// <summary>Says that there is no such field, and which one is nearest.</summary>
    /// <param name="name">As it was sent.</param>
    /// <param name="known">What may stand in its place.</param>
    public static string Sentence(string name, IReadOnlyCollection<string> known) => Nearest(name, known) is { } nearest
        ? $"'{name}' is not a field here. Did you mean '{nearest}'?"
        : $"'{name}' is not a field here. Known: {string.Join(", ", known)}.";

    /// <summary>The known name that was most likely meant; null when none is near.</summary>
    public static string? Nearest(string name, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        return known.Select(k => (Name: k, Far: Distance(Plain(name), Plain(k)))).Where(k => k.Far < int.MaxValue)
            .OrderBy(k => k.Far).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault().Name;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>A slip of the pen is nearest, then one name within the other (startsAt, start), then an abbreviation (qty, quantity).</summary>
    private static int Distance(string sent, string known)
    {
        const int Within = 100;
        const int Abbreviated = 200;
        if (Edits(sent, known) is var edits && edits <= Math.Max(1, Math.Max(sent.Length, known.Length) / 3))
            return edits;
        if (Math.Min(sent.Length, known.Length) >= 3 && (sent.Contains(known, StringComparison.Ordinal) || known.Contains(sent, StringComparison.Ordinal)))
            return Within + Math.Abs(sent.Length - known.Length);
        return sent.Length >= 2 && sent[0] == known[0] && IsSpelledIn(sent, known) ? Abbreviated + known.Length : int.MaxValue;
    }

    private static bool IsSpelledIn(string sent, string known)
    {
        var at = 0;
        foreach (var letter in known)
            at += at < sent.Length && sent[at] == letter ? 1 : 0;
        return at == sent.Length;
    }

    private static int Edits(string a, string b)
    {
        // Names as long as this are no slips; the table must not grow with what strangers send.
        if (Math.Max(a.Length, b.Length) > 64)
            return int.MaxValue;
        var (before, now) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            before[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
                now[j] = Math.Min(Math.Min(before[j], now[j - 1]) + 1, before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (before, now) = (now, before);
        }

        return before[b.Length];
    }
}
