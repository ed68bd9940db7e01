using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class MoneyRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "UnknownFields",
                table: "ShopSettings",
                type: "character varying(10)",
                maxLength: 10,
                nullable: false,
                defaultValue: "warn");

            migrationBuilder.AddColumn<int>(
                name: "PricingVersion",
                table: "Redemptions",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "Form",
                table: "IssuedCodes",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "CustomerId",
                table: "CodeBatches",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "NewEndTime",
                table: "CampaignChanges",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_IssuedCodes_Form",
                table: "IssuedCodes",
                column: "Form",
                filter: "\"Form\" = 1");

            // A shop that somebody calls already is told of unknown fields before they are refused.
            migrationBuilder.Sql("""
                INSERT INTO "ShopSettings" ("Id", "Currency", "TimeZone", "StoreMarginPercent", "ConflictResolution", "Version", "ShippingMinor", "UnknownFields")
                SELECT 1, 'CNY', 'Asia/Shanghai', 30, 'bestForCustomer', 1, 1000, 'warn'
                WHERE NOT EXISTS (SELECT 1 FROM "ShopSettings") AND EXISTS (SELECT 1 FROM "ApiKeys")
                """);

            // Plain letters and digits read the same by the rules of then and of today; the others are made anew when the app starts.
            migrationBuilder.Sql("""
                UPDATE "IssuedCodes" SET "Form" = 0 WHERE octet_length("Code") = char_length("Code")
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_IssuedCodes_Form",
                table: "IssuedCodes");

            migrationBuilder.DropColumn(
                name: "UnknownFields",
                table: "ShopSettings");

            migrationBuilder.DropColumn(
                name: "PricingVersion",
                table: "Redemptions");

            migrationBuilder.DropColumn(
                name: "Form",
                table: "IssuedCodes");

            migrationBuilder.DropColumn(
                name: "CustomerId",
                table: "CodeBatches");

            migrationBuilder.DropColumn(
                name: "NewEndTime",
                table: "CampaignChanges");
        }
    }
}
