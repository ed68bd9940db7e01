using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>What the targets of a template hold in a row that is a thing of its own, by formats judged over whole columns.</summary>
internal sealed class RowCells
{
    private static readonly HashSet<string> Amounts = new(StringComparer.Ordinal)
    {
        "quantity", "price", "value", "discount", "shipping", "tax", "total", "compareAt", "unitCost", "stockOnHand", "propensity",
            "attributionDays", "rating",
    };

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
        { "at", "receivedAt", "sentAt", "joinedAt", "startsAt", "endsAt", "assignedAt", "contactedAt" };

    private static readonly HashSet<string> Ids = new(StringComparer.Ordinal)
        { "id", "customer", "otherId", "anonymous", "sku", "productId", "order", "campaign", "email" };

    private readonly Template template;
    private readonly Dictionary<(string Scope, string Column), Judged> judged = new(new ScopedColumn());
    private readonly Dictionary<string, List<Judged>> byScope = new(StringComparer.Ordinal);
    private readonly HashSet<string> columns;
    private TimeZoneInfo? zone;

    /// <param name="template">What is taken from where.</param>
    /// <param name="files">Whose numbers, where they are JSON's or Parquet's, have a point and no other sign.</param>
    public RowCells(Template template, IReadOnlyList<IRowSource> files)
    {
        this.template = template;
        columns = new HashSet<string>(files.SelectMany(f => f.Columns), StringComparer.OrdinalIgnoreCase);
        var typed = files.All(f => f.IsTyped);
        foreach (var (block, fields) in template.Blocks)
        {
            foreach (var (target, field) in fields.Fields)
            {
                foreach (var column in field.Columns)
                    Add(ScopeOf(block), column, target, field, typed || !columns.Contains(column));
            }
        }
    }

    public Template Template => template;

    public IEnumerable<Judged> All => judged.Values;

    /// <summary>Whether a file has a column for a target.</summary>
    public bool Has(string block, string target) =>
        template.Field(block, target) is { } field && (field.Value is not null || field.Columns.Any(IsThere));

    /// <summary>A column, or a path within one.</summary>
    public bool IsThere(string column)
    {
        if (columns.Contains(column) || columns.Contains(column.Replace(".0.", "[].", StringComparison.Ordinal)))
            return true;
        for (var dot = column.LastIndexOf('.'); dot > 0; dot = column.LastIndexOf('.', dot - 1))
        {
            if (columns.Contains(column[..dot]))
                return true;
        }

        return false;
    }

    public void See(ISourceRow row, string scope = "")
    {
        if (!byScope.TryGetValue(scope, out var list))
            return;
        foreach (var column in list)
        {
            if (row[column.Column] is { } text)
                column.See(text);
        }
    }

    /// <summary>Takes what was chosen and answered, and asks what is left open.</summary>
    public void Settle(ReadingOptions options, List<ReadingQuestion> questions)
    {
        foreach (var column in All)
            column.Answer(options.Answers);
        foreach (var column in All.Where(c => c.Time is { IsOpen: true, Example: not null }))
            questions.Add(OrderQuestions.TwoReadingsDate(column.Column, column.Time!.Example!));
        var sure = All.FirstOrDefault(c => c.Amount is { IsSure: true });
        CurrencyMarks.Decide(All, All.SelectMany(c => c.Words ?? []), options.Currency ?? options.Answers.GetValueOrDefault("currency-needed") ?? template.Currency);
        foreach (var column in All.Where(c => c.Amount is { IsOpen: true }))
        {
            if (column.IsQuantity)
                column.Amount!.Decide(sure?.Amount!.Mark ?? DecimalMark.Point);
            else
                questions.Add(OrderQuestions.TwoReadingsAmount(column.Column));
        }

        var named = options.Zone ?? options.Answers.GetValueOrDefault("zone-needed")
            ?? (template.Zone == HomeZone.Word ? HomeZone.Of(options.Currency) : template.Zone);
        zone = named is not null && TimeZoneInfo.TryFindSystemTimeZoneById(named, out var known) ? known : null;
        if (zone is null && All.FirstOrDefault(c => c.Time is { WithoutOffset: > 0 } && !ZoneClock.IsUtc(c.Column)) is { } without)
            questions.Add(OrderQuestions.ZoneNeeded(without.Column));
    }

    /// <summary>The one currency of amounts that say none themselves; asked where there are such amounts.</summary>
    public Currency? SettleCurrency(ReadingOptions options, IEnumerable<string> amounts, IEnumerable<string> said,
        List<ReadingQuestion> questions)
    {
        var code = options.Currency ?? options.Answers.GetValueOrDefault("currency-needed") ?? template.Currency ?? said.FirstOrDefault();
        if (Currency.TryGet(code, out var currency))
            return currency;
        if (All.Any(c => c.Amount is { Filled: > 0 } && amounts.Contains(c.Column, StringComparer.OrdinalIgnoreCase)))
            questions.Add(OrderQuestions.CurrencyNeeded());
        return null;
    }

    public string? Raw(string block, string target, ISourceRow row) =>
        template.Field(block, target)?.Columns.Select(c => row[c]).FirstOrDefault(t => t is not null);

    /// <exception cref="OrderCells.FaultException">The cell cannot be read.</exception>
    public decimal? Amount(string block, string target, ISourceRow row)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var column in field.Columns)
        {
            if (row[column] is not { } text || judged[(ScopeOf(block), column)].Amount is not { } amounts)
                continue;
            var state = amounts.Read(text, out var amount);
            if (state == CellState.Read)
                return amount;
            if (state != CellState.Missing)
                throw new OrderCells.FaultException("not-a-number", $"{column}: {Short(text)}");
        }

        return field.Value is { } constant ? decimal.Parse(constant, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <exception cref="OrderCells.FaultException">It has digits beyond the currency's.</exception>
    public long? Minor(string block, string target, ISourceRow row, Currency? currency)
    {
        if (currency is null || Amount(block, target, row) is not { } amount)
            return null;
        return AmountColumn.TryToMinor(amount, currency, out var minor)
            ? minor : throw new OrderCells.FaultException("too-many-digits",
                $"{target}: {amount.ToString(System.Globalization.CultureInfo.InvariantCulture)} {currency.Code}");
    }

    public int? Whole(string block, string target, ISourceRow row)
    {
        if (Amount(block, target, row) is not { } amount)
            return null;
        return amount == decimal.Truncate(amount) && Math.Abs(amount) < int.MaxValue
            ? (int)amount
                : throw new OrderCells.FaultException("not-a-whole-number",
                $"{target}: {amount.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
    }

    /// <param name="block">The block.</param>
    /// <param name="target">The target.</param>
    /// <param name="row">The row.</param>
    /// <param name="toItsEnd">A day without a time of day is meant to its end.</param>
    /// <exception cref="OrderCells.FaultException">The cell cannot be read.</exception>
    public DateTime? Time(string block, string target, ISourceRow row, bool toItsEnd = false)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var column in field.Columns)
        {
            if (row[column] is not { } text || judged[(ScopeOf(block), column)].Time is not { } times)
                continue;
            if (times.Read(text, out var faulty) is { } time)
            {
                // The next day of the zone's own: on the days when its clocks are moved it is not 24 hours away.
                if (toItsEnd && time.Offset is null && !text.Contains(':', StringComparison.Ordinal))
                    time = time with { At = time.At.AddDays(1) };
                return ZoneClock.ToUtc(time, ZoneClock.Of(field.Zone, column) ?? zone, out _);
            }

            if (faulty)
                throw new OrderCells.FaultException("not-a-time", $"{column}: {Short(text)}");
        }

        return null;
    }

    public string? Id(string block, string target, ISourceRow row)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var column in field.Columns)
        {
            if (IdIn(block, field, column, row) is { } id)
                return id;
        }

        return field.Value;
    }

    /// <summary>Ids of every column of a target that holds somebody: pseudonyms where they name a person.</summary>
    public IEnumerable<string> People(string block, string target, ISourceRow row, ReadingOptions options)
    {
        if (template.Field(block, target) is not { } field)
            yield break;
        for (var i = 0; i < field.Columns.Count; i++)
        {
            if (IdIn(block, field, field.Columns[i], row) is { } id && Person(field, i, id, options) is { } person)
                yield return person;
        }
    }

    /// <summary>Words: by rules, by what values stand for, else as they are.</summary>
    public string? Text(string block, string target, ISourceRow row)
    {
        if (template.Field(block, target) is not { } field)
            return null;
        foreach (var rule in field.Rules)
        {
            if (rule.If.Holds(c => row[c]))
                return rule.Is;
        }

        foreach (var column in field.Columns)
        {
            if (row[column] is { } text && !CsvNumber.IsMissing(text) && !field.Nothing.Contains(text, StringComparer.OrdinalIgnoreCase))
                return field.Values.Count == 0 ? text : field.Values.GetValueOrDefault(text) ?? field.Else ?? text;
        }

        return field.Else ?? field.Value;
    }

    /// <summary>Null: it does not say, or in words that mean neither.</summary>
    public bool? YesNo(string block, string target, ISourceRow row) => Text(block, target, row)?.ToLowerInvariant() switch
    {
        "yes" or "y" or "true" or "1" or "t" or "on" or "subscribed" or "ja" or "oui" or "si" or "sí" or "是" or "active" => true,
        "no" or "n" or "false" or "0" or "f" or "off" or "unsubscribed" or "never_subscribed" or "never subscribed" or "nein" or "non" or "否" or "inactive" => false,
        _ => null,
    };

    private static string? Person(TemplateField field, int column, string id, ReadingOptions options)
    {
        if (PersonId.IsNobody(id))
            return null;
        var kind = PersonId.KindOf(id);
        if (kind == PersonKeyKinds.Email || (kind is not null && options.PhonesAndMailsAreIds))
            return options.Keys.Pseudonym(kind, id);
        if (field.Treat != Treatment.Pseudonym || column > 0)
            return id;
        // A column of addresses or numbers with something else in it.
        return field.As == PersonKeyKinds.Phone && id.Count(char.IsAsciiDigit) is >= 6 and <= 15
            ? options.Keys.Pseudonym(PersonKeyKinds.Phone, id) : null;
    }

    private string? IdIn(string block, TemplateField field, string column, ISourceRow row) =>
        row[column] is { } text && judged[(ScopeOf(block), column)].Id is { } ids && ids.Read(text) is { } id
        && !field.Nothing.Contains(id, StringComparer.OrdinalIgnoreCase) && id is not "(not set)" ? id : null;

    private void Add(string scope, string column, string target, TemplateField field, bool typed)
    {
        if (!judged.TryGetValue((scope, column), out var found))
        {
            judged[(scope, column)] = found = new Judged(scope, column);
            if (!byScope.TryGetValue(scope, out var list))
                byScope[scope] = list = [];
            list.Add(found);
        }

        if (Amounts.Contains(target))
        {
            (found.Amount, found.IsQuantity) = (found.Amount ?? new AmountColumn(), found.IsQuantity
                || target is "quantity" or "propensity" or "stockOnHand" or "rating");
            if (typed)
                found.Amount.Decide(DecimalMark.Point);
        }
        else if (Times.Contains(target))
        {
            found.Time ??= new TimeColumn(field.Formats);
        }
        else if (target == "currency")
        {
            found.Words ??= new SortedSet<string>(StringComparer.Ordinal);
        }
        else if (Ids.Contains(target))
        {
            found.Id ??= new IdColumn();
        }
    }

    // The line's columns are of its items, where they lie in an array.
    private string ScopeOf(string block) => block == "line" && template.Shape.Path is not null ? "line" : "";

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private sealed class ScopedColumn : IEqualityComparer<(string Scope, string Column)>
    {
        public bool Equals((string Scope, string Column) x, (string Scope, string Column) y) =>
            x.Scope == y.Scope && string.Equals(x.Column, y.Column, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Scope, string Column) pair) => StringComparer.OrdinalIgnoreCase.GetHashCode(pair.Column);
    }
}
