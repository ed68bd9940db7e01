namespace CampaignManager.Application.ShopData.Incoming;

internal static class SqlText
{
    /// <summary>Whether a second statement follows: a semicolon outside of texts, quoted names and comments.</summary>
    public static bool HasSeveral(string sql)
    {
        for (var i = 0; i < sql.Length; i++)
        {
            var end = sql[i] switch
            {
                '\'' or '"' => sql.IndexOf(sql[i], i + 1),
                '-' when Follows(sql, i, "--") => sql.IndexOf('\n', i),
                '/' when Follows(sql, i, "/*") => sql.IndexOf("*/", i + 2, StringComparison.Ordinal),
                '$' => EndOfDollars(sql, i),
                _ => i,
            };
            if (sql[i] == ';')
                return true;
            // What is never closed hides nothing that the database would run.
            if (end < 0)
                return false;
            i = end;
        }

        return false;
    }

    private static bool Follows(string sql, int at, string sign) => string.CompareOrdinal(sql, at, sign, 0, sign.Length) == 0;

    /// <summary>Text between <c>$tag$</c> and the same again.</summary>
    private static int EndOfDollars(string sql, int at)
    {
        var close = sql.IndexOf('$', at + 1);
        if (close < 0 || !sql.AsSpan(at + 1, close - at - 1).ToString().All(c => char.IsLetterOrDigit(c) || c == '_'))
            return at;
        var tag = sql[at..(close + 1)];
        var end = sql.IndexOf(tag, close + 1, StringComparison.Ordinal);
        return end < 0 ? -1 : end + tag.Length - 1;
    }
}
