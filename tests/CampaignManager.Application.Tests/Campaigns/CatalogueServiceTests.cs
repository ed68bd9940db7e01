using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Tests.Campaigns;

public sealed class CatalogueServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Categories_EmptyLake_IsEmpty()
    {
        using var lake = new ALake();
        using var catalogue = new CatalogueService(lake.Lake);
        Assert.Empty(await catalogue.CategoriesAsync(Cancel));
    }

    [Fact]
    public async Task Categories_ProductsAndSales_CountAndShareOfWhatWasPaid()
    {
        using var lake = new ALake();
        lake.Put(LakeTable.Products, "('S-1','a','a','shoes','b',10000,NULL), ('S-2','a','a','shoes','b',10000,NULL), ('K-1','a','a','kitchen','b',5000,NULL), ('X-1','a','a',NULL,'b',5000,NULL)");
        using var catalogue = new CatalogueService(lake.Lake);
        Assert.Equal([new CategoryRow("kitchen", 1, null), new CategoryRow("shoes", 2, null)], await catalogue.CategoriesAsync(Cancel));

        // 2 × 100 − 50 of shoes and 50 of kitchen: three quarters and a quarter. The files have changed, so it is read again.
        lake.Put(LakeTable.OrderLines,
            "('O-1','C-1',TIMESTAMP '2026-05-01','S-1','shoes',2,10000,5000,NULL,0), ('O-2','C-2',TIMESTAMP '2026-06-01','K-1','kitchen',1,5000,0,NULL,0)");
        Assert.Equal([new CategoryRow("shoes", 2, 0.75), new CategoryRow("kitchen", 1, 0.25)], await catalogue.CategoriesAsync(Cancel));
    }

    [Fact]
    public async Task Catalogue_ProductsAndBrands_AreMeasuredByScope()
    {
        using var lake = new ALake();
        lake.Put(LakeTable.Products, "('S-1','Boot','靴','shoes/boots','Acme',10000,NULL), ('S-2','Shoe',NULL,'shoes','Acme',10000,NULL), ('K-1','Pan','锅','kitchen','Best',5000,NULL), ('X-1','Odd','怪',NULL,NULL,NULL,NULL)");
        lake.Put(LakeTable.OrderLines,
            "('O-1','C-1',TIMESTAMP '2026-05-01','S-1','shoes/boots',3,10000,0,NULL,0), ('O-2','C-2',TIMESTAMP '2026-06-01','K-1','kitchen',2,5000,0,NULL,0)");
        using var service = new CatalogueService(lake.Lake);
        var catalogue = await service.GetAsync(Cancel);
        Assert.Equal(["S-1", "K-1", "S-2", "X-1"], catalogue.Products.Select(p => p.Sku));
        Assert.Equal([new BrandRow("Acme", 2, 0.75), new BrandRow("Best", 1, 0.25)], catalogue.Brands);
        Assert.Equal("Shoe", catalogue.Products.Single(p => p.Sku == "S-2").NameZh);
        Assert.Equal(new ScopeSize(4, 4, 1), catalogue.Measure(new Scope()));
        // A category holds those below it; what is left out wins.
        Assert.Equal(new ScopeSize(2, 4, 0.75), catalogue.Measure(new Scope { Include = new ScopeSelector { Categories = ["shoes"] } }));
        Assert.Equal(new ScopeSize(1, 4, 0), catalogue.Measure(new Scope { Include = new ScopeSelector { Brands = ["Acme"] }, Exclude = new ScopeSelector { Skus = ["S-1"] } }));
    }
}
