using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CampaignManager.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Epochs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<decimal>(
                name: "GlobalHoldoutPercent",
                table: "ShopSettings",
                type: "TEXT",
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.CreateTable(
                name: "ExperimentEpochs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ExperimentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CampaignId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    VersionId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Salt = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ArmsJson = table.Column<string>(type: "TEXT", nullable: false),
                    BeganAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Measured = table.Column<bool>(type: "INTEGER", nullable: false),
                    Adopted = table.Column<bool>(type: "INTEGER", nullable: false),
                    EnrolledAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExperimentEpochs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ExperimentEpochs_Campaigns_CampaignId",
                        column: x => x.CampaignId,
                        principalTable: "Campaigns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ExposureBatches",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Written = table.Column<long>(type: "INTEGER", nullable: false),
                    Batch = table.Column<Guid>(type: "TEXT", nullable: true),
                    Upto = table.Column<long>(type: "INTEGER", nullable: false),
                    BegunAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExposureBatches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "GlobalHoldouts",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Salt = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Share = table.Column<double>(type: "REAL", nullable: false),
                    BeganAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GlobalHoldouts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Exposures",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    EpochId = table.Column<long>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    AssignmentId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Arm = table.Column<int>(type: "INTEGER", nullable: false),
                    Propensity = table.Column<double>(type: "REAL", nullable: false),
                    Risk = table.Column<double>(type: "REAL", nullable: true),
                    AssignedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Exposures", x => x.Seq);
                    table.ForeignKey(
                        name: "FK_Exposures_ExperimentEpochs_EpochId",
                        column: x => x.EpochId,
                        principalTable: "ExperimentEpochs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_CampaignId",
                table: "ExperimentEpochs",
                column: "CampaignId");

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_ExperimentId_Number",
                table: "ExperimentEpochs",
                columns: new[] { "ExperimentId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ExperimentEpochs_Running",
                table: "ExperimentEpochs",
                column: "ExperimentId",
                unique: true,
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Exposures_CustomerId_EpochId",
                table: "Exposures",
                columns: new[] { "CustomerId", "EpochId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Exposures_EpochId",
                table: "Exposures",
                column: "EpochId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ExposureBatches");

            migrationBuilder.DropTable(
                name: "Exposures");

            migrationBuilder.DropTable(
                name: "GlobalHoldouts");

            migrationBuilder.DropTable(
                name: "ExperimentEpochs");

            migrationBuilder.DropColumn(
                name: "GlobalHoldoutPercent",
                table: "ShopSettings");
        }
    }
}
