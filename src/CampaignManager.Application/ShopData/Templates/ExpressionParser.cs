using System.Globalization;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>Reads <see cref="Expression"/>; what is wrong is a <see cref="FormatException"/> that says where.</summary>
internal sealed class ExpressionParser(string text)
{
    private const int MostNested = 40;

    private int at;
    private int depth;

    public Expression Parse()
    {
        var whole = Or();
        Blanks();
        return at == text.Length ? whole : throw Wrong("'and', 'or' or the end");
    }

    private Expression Or()
    {
        var left = And();
        while (Word("or"))
            left = new Expression.Either(left, And());
        return left;
    }

    private Expression And()
    {
        var left = One();
        while (Word("and"))
            left = new Expression.Both(left, One());
        return left;
    }

    private Expression One()
    {
        if (++depth > MostNested)
            throw Wrong("fewer brackets");
        try
        {
            if (Word("not"))
                return new Expression.Not(One());
            if (!Sign('('))
                return Test();
            var inner = Or();
            return Sign(')') ? inner : throw Wrong("')'");
        }
        finally
        {
            depth--;
        }
    }

    private Expression Test()
    {
        var column = Quoted('`') ?? throw Wrong("a column in backticks");
        if (Word("present"))
            return new Expression.Present(column);
        if (Word("missing"))
            return new Expression.Not(new Expression.Present(column));
        if (Word("has"))
            return new Expression.Has(column, Text(), AtStart: false);
        if (Word("starts"))
            return new Expression.Has(column, Text(), AtStart: true);
        if (Word("in"))
            return new Expression.OneOf(column, Texts());
        if (Sign('='))
            return new Expression.OneOf(column, [Text()]);
        if (Sign('<'))
            return new Expression.Compared(column, Number(), Less: true);
        if (Sign('>'))
            return new Expression.Compared(column, Number(), Less: false);
        if (Sign('!') && Sign('='))
            return new Expression.Not(new Expression.OneOf(column, [Text()]));
        throw Wrong("'present', 'missing', 'has', 'starts', 'in', '=', '!=', '<' or '>'");
    }

    private List<string> Texts()
    {
        if (!Sign('('))
            throw Wrong("'('");
        var words = new List<string>();
        do
            words.Add(Text());
        while (Sign(','));
        return Sign(')') ? words : throw Wrong("',' or ')'");
    }

    private string Text() => Quoted('\'') ?? throw Wrong("a text in single quotes");

    private decimal Number()
    {
        Blanks();
        var from = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '-' or '.'))
            at++;
        return decimal.TryParse(text.AsSpan(from, at - from), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : throw Wrong("a number");
    }

    /// <summary>Text between two signs; a doubled sign inside is the sign.</summary>
    private string? Quoted(char sign)
    {
        if (!Sign(sign))
            return null;
        var found = new System.Text.StringBuilder();
        while (at < text.Length)
        {
            if (text[at++] != sign)
                found.Append(text[at - 1]);
            else if (at < text.Length && text[at] == sign)
                found.Append(text[at++]);
            else
                return found.ToString();
        }

        throw Wrong($"a closing {sign}");
    }

    private bool Sign(char sign)
    {
        Blanks();
        if (at >= text.Length || text[at] != sign)
            return false;
        at++;
        return true;
    }

    private bool Word(string word)
    {
        Blanks();
        var end = at + word.Length;
        if (string.Compare(text, at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0
            || (end < text.Length && char.IsLetterOrDigit(text[end])))
            return false;
        at = end;
        return true;
    }

    private void Blanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }

    private FormatException Wrong(string wanted) => new($"At character {at + 1} of \"{text}\" {wanted} is expected.");
}
