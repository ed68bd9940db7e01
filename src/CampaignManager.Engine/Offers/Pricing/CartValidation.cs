using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>Makes a cart out of what was sent, or names every field that is wrong.</summary>
public static class CartValidation
{
    /// <summary>Most lines of a cart.</summary>
    public const int MostLines = 1000;

    /// <summary>Most units of a cart, over all lines: each unit is priced by itself.</summary>
    public const int MostUnits = 100_000;

    /// <summary>Longest id, name or code, in characters.</summary>
    public const int LongestName = 500;

    /// <summary>The cart, when <paramref name="errors"/> is empty; else null.</summary>
    /// <param name="input">What was sent.</param>
    /// <param name="path">JSON path of the cart in its request; "" at the root.</param>
    /// <param name="errors">What is wrong, each with its path and a sentence.</param>
    public static Cart? Read(CartInput? input, string path, out IReadOnlyList<RuleError> errors)
    {
        var found = new Found(input?.Currency ?? "", path);
        errors = found.Errors;
        if (input is null)
        {
            found.Add("", "missing", "A cart is needed.");
            return null;
        }

        if (!found.HasCurrency)
            found.Add("currency", "currency-unknown", $"'{input.Currency}' is not a known currency code.", input.Currency ?? "");
        found.Length(-1, "channel", input.Channel);
        found.Length(-1, "region", input.Region);
        var lines = Lines(input.Lines, found);
        var cart = new Cart
        {
            Currency = input.Currency ?? "",
            Channel = input.Channel,
            Region = input.Region,
            CustomerId = string.IsNullOrWhiteSpace(input.Customer?.Id) ? null : input.Customer.Id,
            Segments = found.Names("customer.segments", input.Customer?.Segments),
            IsNew = input.Customer?.IsNew,
            Codes = found.Names("codes", input.Codes),
            Shipping = found.Minor("shipping", input.Shipping ?? 0),
            PricesIncludeTax = input.PricesIncludeTax ?? true,
            Lines = lines,
        };
        if (cart.Codes.Count > 50)
            found.Add("codes", "codes-many", "A cart carries at most 50 codes.");
        if (found.Errors.Count == 0)
            CheckSums(cart, found);
        return found.Errors.Count == 0 ? cart : null;
    }

    private static List<CartLine> Lines(IReadOnlyList<CartLineInput?>? input, Found found)
    {
        List<CartLine> lines = [];
        if (input is null)
        {
            found.Add("lines", "missing", "Send the cart's lines.");
            return lines;
        }

        if (input.Count > MostLines)
        {
            found.Add("lines", "lines-many", "A cart has at most 1000 lines.");
            return lines;
        }

        var ids = new HashSet<string>(input.Count, StringComparer.Ordinal);
        lines.EnsureCapacity(input.Count);
        for (var i = 0; i < input.Count; i++)
            lines.Add(Line(i, input[i], ids, found));
        return lines;
    }

    private static CartLine Line(int i, CartLineInput? line, HashSet<string> ids, Found found)
    {
        if (line is null)
        {
            found.Add($"lines[{i}]", "blank", "The entry is blank.");
            line = new CartLineInput { Id = " ", Sku = " ", Quantity = 1, UnitPrice = 0 };
        }
        else
        {
            if (string.IsNullOrWhiteSpace(line.Id))
                found.Add($"lines[{i}].id", "missing", "A line needs an id.");
            else if (!ids.Add(line.Id))
                found.Add($"lines[{i}].id", "twice", $"'{line.Id}' is named twice.", line.Id);
            if (string.IsNullOrWhiteSpace(line.Sku))
                found.Add($"lines[{i}].sku", "missing", "A line needs a SKU.");
            found.Length(i, "id", line.Id);
            found.Length(i, "sku", line.Sku);
            found.Length(i, "brand", line.Brand);
            if (line.UnitPrice is null)
                found.Add($"lines[{i}].unitPrice", "missing", "A line needs a unit price.");
        }

        return new CartLine
        {
            Id = line.Id ?? "",
            Sku = line.Sku ?? "",
            Categories = found.Names(i, "categories", line.Categories),
            Brand = line.Brand,
            Tags = found.Names(i, "tags", line.Tags),
            Quantity = Quantity(i, line.Quantity, found),
            UnitPrice = found.Minor(i, "unitPrice", line.UnitPrice ?? 0),
            MinUnitPrice = found.Minor(i, "minUnitPrice", line.MinUnitPrice ?? 0),
            TaxRate = TaxRate(i, line.TaxRate ?? 0, found),
            Selected = line.Selected ?? true,
        };
    }

    private static int Quantity(int i, decimal? quantity, Found found)
    {
        if (quantity is { } given && given >= 1 && given <= MostUnits && decimal.Truncate(given) == given)
            return (int)given;
        var (code, sentence) = quantity switch
        {
            null => ("missing", "A line needs a quantity."),
            <= 0 => ("quantity-positive", "The quantity must be at least 1."),
            > MostUnits => ("quantity-large", "A cart has at most 100000 units."),
            _ => ("quantity-whole", "The quantity must be a whole number."),
        };
        found.Add($"lines[{i}].quantity", code, sentence);
        return 1;
    }

    private static decimal TaxRate(int i, decimal rate, Found found)
    {
        if (rate is < 0 or > 100)
            found.Add($"lines[{i}].taxRate", "range", "The value must be between 0 and 100.", "0", "100");
        else if (decimal.Round(rate, 6) != rate)
            found.Add($"lines[{i}].taxRate", "percent-digits", "A percentage has at most 6 digits after the point.");
        return rate;
    }

    private static void CheckSums(Cart cart, Found found)
    {
        Int128 sum = cart.Shipping;
        long units = 0;
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            var total = (Int128)line.UnitPrice * line.Quantity;
            units += line.Quantity;
            sum += total;
            if (total > long.MaxValue || sum > long.MaxValue)
            {
                found.Add($"lines[{i}].unitPrice", "overflow", "The amounts add up to more than can be counted.");
                return;
            }

            if ((Int128)line.MinUnitPrice * line.Quantity > long.MaxValue)
            {
                found.Add($"lines[{i}].minUnitPrice", "overflow", "The amounts add up to more than can be counted.");
                return;
            }

            if (units > MostUnits)
            {
                found.Add($"lines[{i}].quantity", "quantity-large", "A cart has at most 100000 units.");
                return;
            }
        }
    }

    private sealed class Found(string currencyCode, string root)
    {
        private readonly Currency? currency = Currency.TryGet(currencyCode, out var known) ? known : null;

        public List<RuleError> Errors { get; } = [];

        public bool HasCurrency => currency is not null;

        public void Add(string path, string code, string message, params string[] arguments) =>
            Errors.Add(new RuleError(root.Length == 0 ? path : path.Length == 0 ? root : $"{root}.{path}", code, message, arguments));

        public long Minor(string path, decimal amount) => TryMinor(amount, out var minor) ? minor : Refuse(path, amount);

        // The path is written only when something is wrong with it.
        public long Minor(int line, string field, decimal amount) => TryMinor(amount, out var minor) ? minor : Refuse($"lines[{line}].{field}", amount);

        public IReadOnlyList<string> Names(string path, IReadOnlyList<string?>? names) => Names(-1, path, names);

        public IReadOnlyList<string> Names(int line, string field, IReadOnlyList<string?>? names)
        {
            if (names is null or { Count: 0 })
                return [];
            for (var i = 0; i < names.Count; i++)
            {
                if (string.IsNullOrWhiteSpace(names[i]))
                    Add(PathOf(line, $"{field}[{i}]"), "blank", "The entry is blank.");
                else if (names[i]!.Length > LongestName)
                    Long(PathOf(line, $"{field}[{i}]"));
            }

            return names!;
        }

        public void Length(int line, string field, string? name)
        {
            if (name is { Length: > LongestName })
                Long(PathOf(line, field));
        }

        private void Long(string path) => Add(path, "long", "A name has at most 500 characters.");

        private static string PathOf(int line, string field) => line < 0 ? field : $"lines[{line}].{field}";

        private bool TryMinor(decimal amount, out long minor)
        {
            minor = 0;
            return amount >= 0 && (currency is null || currency.TryToMinor(amount, out minor));
        }

        private long Refuse(string path, decimal amount)
        {
            if (amount < 0)
            {
                Add(path, "amount-negative", "The amount must not be negative.");
            }
            else if (amount > long.MaxValue / (decimal)currency!.MinorPerMajor)
            {
                Add(path, "overflow", "The amounts add up to more than can be counted.");
            }
            else
            {
                var digits = currency.FractionDigits.ToString(CultureInfo.InvariantCulture);
                Add(path, "amount-digits", $"{currency.Code} has {digits} digits after the point.", currency.Code, digits);
            }

            return 0;
        }
    }
}
