using System.Net;
using System.Text.RegularExpressions;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;

namespace CampaignManager.Application.ShopData.Reading.Goods;

/// <summary>Products, a row for each variant; what stands on the first row of a product only is said of all its variants.</summary>
internal sealed class ProductsReading(Template template) : IFileReading
{
    public string Kind => TemplateKinds.Products;

    public Template Template => template;

    public ReadingPlan Plan(IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel) =>
        new ProductsPlan(template, files, options).Judge(cancel);
}

internal sealed partial class ProductsPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options)
    : RowsPlan(template, files, options)
{
    private SeenIds seen = new();
    private HashSet<ulong> products = [];
    private ProductRow? head;
    private SortedSet<string> currencies = new(StringComparer.Ordinal);

    private ProductAttributes? Further { get; } = files.Count > 0 ? new ProductAttributes(template, files[0].Columns) : null;

    protected override IReadOnlyList<string> Amounts =>
        [.. new[] { "price", "compareAt", "unitCost" }.SelectMany(t => Template.Field("product", t)?.Columns ?? [])];

    protected override ImportRefusedException? Refuse() => Cells.Has("product", "sku") ? null : new ImportRefusedException(
        "no-products",
            $"No column says which product a row is of ({string.Join(" or ", Template.Field("product", "sku")?.Columns ?? [])}). Say which column holds its id.",
            string.Join(", ", Template.Field("product", "sku")?.Columns ?? []));

    protected override void See(ISourceRow row, int file)
    {
        if (currencies.Count < 50 && Cells.Raw("product", "currency", row) is { Length: 3 } code)
            currencies.Add(code.ToUpperInvariant());
        Further?.See(row, Cells.Id("product", "productId", row));
    }

    protected override IEnumerable<string> Currencies => currencies;

    protected override void Begin()
    {
        (seen, products, head) = (new SeenIds(), [], null);
        Further?.Begin();
    }

    protected override ReadRow? Take(ISourceRow row, int file)
    {
        var productId = Cells.Id("product", "productId", row);
        var sku = Cells.Id("product", "sku", row);
        var said = Said(row, sku ?? "", productId);
        if (head is null || productId is null || head.ProductId != productId)
            head = said;
        else
            said = With(head, said);
        if (productId is not null)
            products.Add(TextHash.Of(productId));
        if (sku is null)
        {
            if (said.PriceMinor is not null && Cells.Minor("product", "price", row, Currency) is not null)
                throw new OrderCells.FaultException("no-sku", "");
            // A further picture, or a line of the product's own.
            Count("rows_without_variant");
            return null;
        }

        if (productId is null)
            products.Add(TextHash.Of(sku));
        if (seen.See(sku, SeenIds.ContentOf(row, new HashSet<string>())) == Seen.Again)
        {
            Count("duplicate_rows");
            return null;
        }

        Count("variants");
        Count("without_cost", said.UnitCostMinor is null ? 1 : 0);
        Count("price_sum_minor", said.PriceMinor ?? 0);
        Count("skus_with_apostrophe", Cells.Raw("product", "sku", row) is ['\'', ..] ? 1 : 0);
        return said;
    }

    protected override void End() => Figures.Set("products", products.Count);

    private ProductRow Said(ISourceRow row, string sku, string? productId)
    {
        var (english, chinese) = (Cells.Text("product", "nameEn", row), Cells.Text("product", "nameZh", row));
        if (english is not null && chinese is null && english.Any(c => c is >= '\u4E00' and <= '\u9FFF'))
            (english, chinese) = (null, english);
        var category = Cells.Text("product", "category", row);
        var path = category?.Split(['>', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var stock = Cells.Amount("product", "stockOnHand", row);
        return new ProductRow(sku, row.Number)
        {
            ProductId = productId,
            NameEn = english,
            NameZh = chinese,
            Category = path.Length > 0 ? path[^1] : null,
            CategoryPath = path,
            Brand = Cells.Text("product", "brand", row),
            Currency = Currency?.Code,
            PriceMinor = Cells.Minor("product", "price", row, Currency),
            CompareAtMinor = Cells.Minor("product", "compareAt", row, Currency),
            UnitCostMinor = Cells.Minor("product", "unitCost", row, Currency),
            Status = Cells.Text("product", "status", row),
            Description = Plain(Cells.Text("product", "description", row)),
            ImageUrl = Cells.Text("product", "imageUrl", row),
            Url = Cells.Text("product", "url", row),
            Visible = Cells.YesNo("product", "visible", row),
            Attributes = Further?.Of(row, productId) ?? [],
            StockOnHand = stock is null ? null : (int)Math.Clamp(decimal.Floor(stock.Value), int.MinValue, int.MaxValue),
        };
    }

    // Prices, costs and stock are a variant's own.
    private ProductRow With(ProductRow head, ProductRow said) => said with
    {
        NameEn = said.NameEn ?? head.NameEn,
        NameZh = said.NameZh ?? head.NameZh,
        Category = said.Category ?? head.Category,
        CategoryPath = said.CategoryPath.Count > 0 ? said.CategoryPath : head.CategoryPath,
        Brand = said.Brand ?? head.Brand,
        Status = said.Status ?? head.Status,
        Description = said.Description ?? head.Description,
        ImageUrl = said.ImageUrl ?? head.ImageUrl,
        Url = said.Url ?? head.Url,
        Visible = said.Visible ?? head.Visible,
        Attributes = Further?.With(head.Attributes, said.Attributes) ?? [],
    };

    private static string? Plain(string? html) =>
        html is null ? null : Blanks().Replace(WebUtility.HtmlDecode(Tags().Replace(html, " ")), " ").Trim() is { Length: > 0 } text ? text
            : null;

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
