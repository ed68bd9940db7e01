using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Orders;

/// <summary>What the files of orders leave open, and why they cannot be taken, in sentences.</summary>
internal static class OrderQuestions
{
    public static ImportRefusedException? NoTime(Template template, IReadOnlyList<IRowSource> files, JudgedColumns columns)
    {
        var there = (template.Field("order", "at")?.Columns ?? [])
            .Where(c => files.Any(f => f.Columns.Contains(c, StringComparer.OrdinalIgnoreCase))).ToList();
        if (there.Exists(c => columns.Find("", c)?.Time is { } time && time.Filled > time.Faulty))
            return null;
        var named = string.Join(", ", files[0].Columns.Take(12));
        return new ImportRefusedException(
            "no-time", there.Count > 0
                ? $"The column '{there[0]}' holds no times. Orders need to say when they were placed; export them with date and time."
                : $"No column says when an order was placed (there are {named}). A day of the week or days since the last order are no "
                    + "times; export orders with date and time.",
            there.FirstOrDefault() ?? named);
    }

    public static ImportRefusedException? NoId(Template template, IReadOnlyList<IRowSource> files)
    {
        var columns = template.Field("order", "id")!.Columns;
        return columns.Any(c => files.Any(f => f.Columns.Contains(c, StringComparer.OrdinalIgnoreCase)))
            ? null
            : new ImportRefusedException(
                "no-order-id", $"No column is called {string.Join(" or ", columns.Select(c => $"'{c}'"))}, which holds the orders' ids. "
                    + "Say which column does.", columns is [var first, ..] ? first : null);
    }

    public static ImportRefusedException? CommaUnquoted(OrderProfile profile)
    {
        var wide = profile.Faults.GetValueOrDefault(RejectReason.TooManyFields);
        return wide > 0 && wide >= profile.Read
            ? new ImportRefusedException(
                "decimal-comma-unquoted", string.Create(
                    CultureInfo.InvariantCulture,
                        $"{wide:N0} of {wide + profile.Read:N0} rows have more fields than the header: decimal commas without quotes "
                            + $"part the file's columns too. ")
                + "Export with semicolons, or with quotes around numbers.",
                string.Create(CultureInfo.InvariantCulture, $"{wide:N0} / {wide + profile.Read:N0}"))
            : null;
    }

    public static ReadingQuestion ZoneNeeded(string column) => new(
        "zone-needed", "", $"The times in '{column}' say no offset from UTC. In which time zone does the shop keep its clock (for "
            + "example Europe/Berlin)?", [])
    {
        Facts = [column],
    };

    public static ReadingQuestion CurrencyNeeded() =>
        new("currency-needed", "", "No column says the currency of the amounts. Which is it (for example EUR)?", []);

    public static ReadingQuestion CurrencyMixed(IEnumerable<string> codes)
    {
        var all = codes.ToList();
        return new ReadingQuestion(
            "currency-mixed", "",
                $"The orders are in {string.Join(" and ", all)}. Amounts of different currencies cannot be added up; import one of "
                    + "them, the others are rejected. Which?",
            [.. all.Select(c => new ReadingChoice(c, c))])
        {
            Facts = [string.Join(", ", all)],
        };
    }

    public static ReadingQuestion TwoReadingsDate(string column, string example) => new(
        "two-readings-date", column,
            $"Every date in '{column}' can be read in two ways ({example}): day first or month first. Which is it?",
        [new ReadingChoice("day-first", "day first"), new ReadingChoice("month-first", "month first")])
    {
        Facts = [column, example],
    };

    public static ReadingQuestion TwoReadingsAmount(string column) => new(
        "decimal", column, $"Every amount in '{column}' can be read in two ways (1.234: one and a bit, or a thousand and more). Which "
            + "sign is the decimal mark?",
        [new ReadingChoice("point", "point"), new ReadingChoice("comma", "comma")])
    {
        Facts = [column],
    };

    public static ReadingQuestion OneIdPerOrder(string column, IEnumerable<string> others)
    {
        var better = others.Where(o => o.Contains("unique", StringComparison.OrdinalIgnoreCase)
            || o.Contains("mail", StringComparison.OrdinalIgnoreCase)).ToList();
        return new ReadingQuestion(
            "one-id-per-order", "",
            $"{column} has as many values as there are orders, and none comes back. " + (better.Count > 0 ? $"Is '{better[0]}' the person?"
                : "Is there another column that names the person?"),
            [.. better.Select(b => new ReadingChoice(b, b)), new ReadingChoice("keep", $"{column} is right")])
        {
            Form = better.Count > 0 ? "other" : "none",
            Facts = [column, .. better.Take(1)],
        };
    }

    public static ReadingQuestion CustomersWithoutKey(string column, long named) => new(
        "customers-without-key", "",
        string.Create(CultureInfo.InvariantCulture,
            $"{named:N0} orders name a customer in '{column}', but masked or placeholder values are nobody's key. Without customers the "
                + $"orders ")
        + "count in revenue and demand only. Import them as guests, or export with the customers' ids.",
        [new ReadingChoice("guests", "import as guests")])
    {
        Facts = [column],
        Counts = [named],
    };

    public static ReadingQuestion DoNotAddUp(Reconciliation found, MoneyMeans means, MoneyMeans best, string? priceColumn,
        Currency currency)
    {
        var (difference, order) = found.Largest(means);
        var largest = Math.Abs(difference).ToString("F" + currency.FractionDigits.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        var form = best.Price != means.Price && priceColumn is not null ? means.Price == Means.Unit ? "line" : "unit" : "other";
        var ask = form switch
        {
            "line" => $" Is '{priceColumn}' a line's total rather than a piece's price?",
            "unit" => $" Is '{priceColumn}' a piece's price rather than a line's total?",
            _ => " Is a column mapped wrongly?",
        };
        return new ReadingQuestion(
            "orders-do-not-add-up", "",
            string.Create(
                CultureInfo.InvariantCulture,
                $"In {found.Misfits(means):N0} of {found.Orders:N0} orders lines − discount + shipping differ from the total "
                    + $"(largest: {order}, {largest}).{ask}"),
            [
                new ReadingChoice("line", "the price is a line's total"), new ReadingChoice("unit", "the price is a piece's"),
                    new ReadingChoice("as-is", "take the orders as they are"),
            ])
        {
            Form = form,
            Facts = [order, $"{largest} {currency.Code}", priceColumn ?? ""],
            Counts = [found.Misfits(means), found.Orders],
        };
    }
}
