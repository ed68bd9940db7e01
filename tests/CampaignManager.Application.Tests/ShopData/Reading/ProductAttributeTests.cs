using CampaignManager.Application.ShopData.Rows;

namespace CampaignManager.Application.Tests.ShopData.Reading;

/// <summary>What a file of products says beyond the columns that a template knows.</summary>
public sealed class ProductAttributeTests
{
    [Fact]
    public void Read_ShopifyOptionsAndMetafields_AreAttributesOfEachVariant()
    {
        var read = AReading.Of("products", null, "EUR", System.Text.Encoding.UTF8.GetBytes("""
            Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price,SEO Title,Image Src,Material (product.metafields.custom.material),Fill (ml)
            mug,Mug,Colour,Blue,M-B,300,7.00,Buy a mug,https://shop.test/a.jpg,Porcelain,250
            mug,,,Red,M-R,,7.00,,,,
            tin,Tin,Title,Default Title,T-1,90,3.50,,,,
            """));

        var mugs = read.All<ProductRow>().ToList();
        Assert.Equal(
            [("colour", "Blue", null, null), ("fill_(ml)", null, 250m, "ml"), ("material", "Porcelain", null, null), ("variant_grams", null, 300m, null)],
            Said(mugs[0]));
        Assert.Equal([("colour", "Red", null, null), ("fill_(ml)", null, 250m, "ml"), ("material", "Porcelain", null, null)], Said(mugs[1]));
        Assert.Equal([("variant_grams", null, 90m, (string?)null)], Said(mugs[2]));
    }

    [Fact]
    public void Read_FurtherColumnsInChinese_AreWordsOrNumbersAsTheirColumnIs()
    {
        var read = AReading.Text("products", """
            sku,name_zh,price,currency,产地,净重,size,barcode
            A,龙井,88.00,CNY,浙江,250g,42,690001
            B,普洱,66.00,CNY,云南,357g,XL,690002
            """);

        Assert.Null(read.Code);
        var products = read.All<ProductRow>().ToList();
        Assert.Equal("CNY", products[0].Currency);
        Assert.Contains(products[0].Attributes, a => a is { Key: "产地", TextZh: "浙江", TextEn: null });
        Assert.Contains(products[1].Attributes, a => a is { Key: "净重", Number: 357m, Unit: "g" });
        // Sizes are words where one of them is.
        Assert.Contains(products[0].Attributes, a => a is { Key: "size", Number: null, TextEn: "42" });
        Assert.DoesNotContain(products[0].Attributes, a => a.Key == "barcode");
    }

    private static IEnumerable<(string, string?, decimal?, string?)> Said(ProductRow product) =>
        product.Attributes.Select(a => (a.Key, a.TextEn, a.Number, a.Unit)).OrderBy(a => a.Key, StringComparer.Ordinal);
}
